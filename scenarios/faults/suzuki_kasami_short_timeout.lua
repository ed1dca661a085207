-- What if who waits takes the token for lost too early?
--
-- Node 1 enters at 12 with the token. Node 2 has asked at 10, has heard nothing until 15, and makes
-- a token of its own: two are inside, each with one.

return scenario {
  nodes = 4,
  run = mutex.suzuki_kasami { regenerate = "5ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "10ms", entries = 1 },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
