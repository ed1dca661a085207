-- What does one lost message do to the plain fully distributed method?
--
-- The first REPLY is lost: its requester waits for it for ever, and defers its own answers to all
-- others. In the end nobody gets in.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("REPLY", nth(1)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
