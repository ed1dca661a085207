-- What if a voter comes back without its memory?
--
-- Voter 1 has voted for node 0, who is inside, comes back, and votes for node 5. The two quorums
-- have only that voter in common.

return scenario {
  nodes = 7,
  run = mutex.maekawa { plane = true },
  links = { latency = "1ms", fifo = true },
  late = { 5 },
  workload = lock_clients { clients = { 0, 5 }, think = "5ms", hold = "50ms", entries = 1 },
  faults = {
    when({ indication = "GRANTED" }, nth(1), crash(1, { lasts = "2ms" })),
    at("10ms", join(5)),
  },
  expect = { mutual_exclusion = "fails" },
}
