-- What does a vote do that arrives twice?
--
-- The second copy of the first VOTE of voter 4 comes 10 ms late. Node 1 has left and asked again
-- meanwhile, and counts it; voter 4 has voted for node 3, who is inside.

return scenario {
  nodes = 7,
  run = mutex.maekawa { plane = true },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 3 }, think = 0, hold = "5ms", entries = 5 },
  faults = {
    duplicate({ sent = "VOTE", from = 4, to = 1 }, nth(1)),
    delay({ sent = "VOTE", from = 4, to = 1 }, nth(1), "10ms"),
  },
  expect = { mutual_exclusion = "fails" },
}
