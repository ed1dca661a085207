-- What does a clock that runs too fast do to a time-out?
--
-- Node 0 waits 19 ms for the token when all others enter, and takes it for lost after 25 ms. Now
-- its clock runs half as fast again: 25 ms are over after less than 17 ms, while node 3 is inside.
-- Node 0 makes another token and enters as well.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "25ms" },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 20 },
  faults = { at("100ms", set_drift(0, "50%")) },
  expect = { fencing_safe = "fails", mutual_exclusion = "fails", single_token = "fails" },
}
