-- What does one duplicated message do to the plain token ring?
--
-- The first hand-over arrives twice, the second copy 20 ms late: then the ring has two tokens. Node
-- 2 enters with the one while node 3 is inside with the other.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 2, 3 }, think = 0, hold = "5ms", entries = 5 },
  faults = { duplicate("TOKEN", nth(1)), delay("TOKEN", nth(1), "20ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
