-- Can both sides of a partition go on with one token?
--
-- The side that has it can if it closes its ring; the other side misses the token, takes the first
-- for dead and makes another one. It has asked all to give up the old one, and nobody answered who
-- had it. Two are inside, one on each side.

return scenario {
  nodes = 5,
  run = mutex.token_ring {
    acknowledge = "4ms", retries = 3, silence = "50ms", regenerate = "80ms", recall = true,
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 30 },
  faults = { at("100ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "500ms" })) },
  expect = {
    fencing_safe = "fails", mutual_exclusion = "fails", single_token = "fails",
    every_request_granted = "holds",
  },
}
