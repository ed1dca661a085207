-- What does a holder find that wakes up too late?
--
-- As token_ring_pause, but each grant carries a fencing token. Node 2 believes that it is inside;
-- the resource has seen higher tokens meanwhile and refuses it.

return scenario {
  nodes = 4,
  run = mutex.token_ring {
    acknowledge = "4ms", retries = 5, regenerate = "60ms", recall = true, fencing = true,
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 5 },
  faults = {
    when({ indication = "GRANTED", node = 2 }, nth(2), pause(token_holder(), { lasts = "500ms" })),
  },
  expect = { fencing_safe = "holds", mutual_exclusion = "fails", single_token = "fails" },
}
