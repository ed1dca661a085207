-- Why can't two processes hold the lock at the same time?
--
-- The centralised method in its smallest form: two clients, one coordinator. Both ask at once; the
-- coordinator grants one and keeps the other waiting until the first has left. Three messages an
-- entry: REQUEST, GRANT, RELEASE.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "5ms", entries = 1 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
