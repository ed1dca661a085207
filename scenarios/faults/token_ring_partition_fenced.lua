-- What does fencing save when both sides of a partition have a token?
--
-- As token_ring_partition, but each grant carries a fencing token. Two are still inside; yet the
-- side that made its token anew has the higher epoch, and once the resource has seen it, it refuses
-- the other side.

return scenario {
  nodes = 5,
  run = mutex.token_ring {
    acknowledge = "4ms", retries = 3, silence = "50ms", regenerate = "80ms", recall = true,
    fencing = true,
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 30 },
  faults = { at("100ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "500ms" })) },
  expect = {
    fencing_safe = "holds", mutual_exclusion = "fails", single_token = "fails",
    every_request_granted = "holds",
  },
}
