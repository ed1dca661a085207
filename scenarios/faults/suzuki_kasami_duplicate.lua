-- What does a duplicated TOKEN do where it carries the queue?
--
-- The second copy comes 20 ms late, when the first is at node 0 again: there are two tokens, each
-- with a queue of its own. Two are inside.

return scenario {
  nodes = 4,
  run = mutex.suzuki_kasami {},
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 10 },
  faults = { duplicate("TOKEN", nth(1)), delay("TOKEN", nth(1), "20ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
