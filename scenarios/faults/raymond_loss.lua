-- Is it only the token that must not be lost?
--
-- No: the first REQUEST is lost, and a node that has asked for the token does not ask again. It
-- waits for ever, with all whose requests come through it; the others go on.

return scenario {
  nodes = 7,
  run = mutex.raymond {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop({ sent = "REQUEST", from = 2, to = 0 }, nth(1)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
