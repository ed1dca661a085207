-- What if the time-out is shorter than a lap?
--
-- Four sections of 5 ms take longer than the 12 ms after which node 0 takes the token for lost. It
-- makes another one while node 2 is inside, and node 0 enters as well. Epochs do not help: they
-- tell the old token from the new one, but not who is inside with the old one that it is over.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "12ms" },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 5 },
  expect = { fencing_safe = "fails", mutual_exclusion = "fails", single_token = "fails" },
}
