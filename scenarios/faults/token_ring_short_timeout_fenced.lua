-- What does fencing save when the time-out is shorter than a lap?
--
-- As token_ring_short_timeout, but each grant carries a fencing token: the epoch, and the steps of
-- the token. Two are inside, and the resource tells them apart and refuses the older one.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "12ms", fencing = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 5 },
  expect = { fencing_safe = "holds", mutual_exclusion = "fails", single_token = "fails" },
}
