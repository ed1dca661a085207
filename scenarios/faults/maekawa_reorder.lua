-- Do votes need their messages in order?
--
-- Yes. Node 0 is inside with the votes of 0, 1 and 3. Nodes 1 and 3 ask at the same time; 1 comes
-- first, by its id, but voter 4 hears of it late and has voted for 3. INQUIRE overtakes that VOTE:
-- node 3, whom voter 3 has refused, gives back a vote that it has not seen yet, and counts it when
-- it comes. When node 0 leaves, voter 1 lets node 1 in, and voter 3 node 3.

return scenario {
  nodes = 7,
  run = mutex.maekawa { plane = true },
  links = { latency = "1ms" },
  late = { 1, 3 },
  workload = lock_clients { clients = { 0, 1, 3 }, think = "5ms", hold = "50ms", entries = 1 },
  faults = {
    at("3ms", join(1), join(3)),
    delay({ sent = "REQUEST", from = 1, to = 4 }, nth(1), "5ms"),
    delay({ sent = "VOTE", from = 4, to = 3 }, nth(1), "20ms"),
  },
  expect = { mutual_exclusion = "fails" },
}
