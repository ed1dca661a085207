-- What does a duplicated TOKEN do on a tree?
--
-- The second copy comes 20 ms late: there are two tokens, one on each side of the edge that it came
-- over. Two are inside.

return scenario {
  nodes = 4,
  run = mutex.raymond {},
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 10 },
  faults = { duplicate("TOKEN", nth(1)), delay("TOKEN", nth(1), "20ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
