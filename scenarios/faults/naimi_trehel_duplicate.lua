-- What does a duplicated TOKEN do where the queue is a chain?
--
-- The second copy comes 20 ms late: there are two tokens. Its receiver waits again by now and
-- enters, beside the one who has the first.

return scenario {
  nodes = 4,
  run = mutex.naimi_trehel {},
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 10 },
  faults = { duplicate("TOKEN", nth(1)), delay("TOKEN", nth(1), "20ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
