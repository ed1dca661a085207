-- What if a node dies that has not even asked for the lock?
--
-- The ring is broken where it was: the next hand-over to it is lost, and the token with it.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 5 },
  faults = { at("30ms", crash(3)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
