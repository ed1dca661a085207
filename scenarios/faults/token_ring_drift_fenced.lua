-- What does fencing save when a clock runs too fast?
--
-- As token_ring_drift, but each grant carries a fencing token. Node 0 enters while node 3 is
-- inside; what node 3 does then is refused: it is of an old epoch.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "25ms", fencing = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 20 },
  faults = { at("100ms", set_drift(0, "50%")) },
  expect = { fencing_safe = "holds", mutual_exclusion = "fails", single_token = "fails" },
}
