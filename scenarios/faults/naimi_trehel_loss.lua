-- What does a lost request do where nobody else has heard of it?
--
-- The REQUEST of node 2 is lost. It waits for ever, and so do all whose requests reach it: it was
-- told to be the last in the queue, and will never hand on a token.

return scenario {
  nodes = 4,
  run = mutex.naimi_trehel {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop({ sent = "REQUEST", from = 0, to = 1 }, nth(1)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
