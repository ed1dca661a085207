-- What if the time-out is shorter than an answer takes?
--
-- A message takes 3 ms, so that an OK takes 6 ms; the time-out is 2 ms. Node 2, the leader, is
-- dead; 0 and 1 find out at 0 ms. At 2 ms neither has an answer, and both declare themselves. Node
-- 1 is right; its COORDINATOR reaches node 0 at 5 ms. From 2 to 5 ms there are two leaders.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "2ms" },
  links = { latency = "3ms" },
  faults = { at(0, crash(2), elect(0), elect(1)) },
  duration = "20ms", settle = "20ms",
  expect = { one_leader_per_term = "fails", agreement_on_leader = "holds" },
}
