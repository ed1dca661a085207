-- What if voters take a holder that merely takes its time for dead?
--
-- The first holder stays inside for 20 ms. After 5 ms its voters vote for the next one, who enters
-- beside it.

return scenario {
  nodes = 7,
  run = mutex.maekawa { plane = true, vote_timeout = "5ms" },
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "20ms", entries = 1 },
  expect = { mutual_exclusion = "fails", every_request_granted = "any" },
}
