-- What if the time-out is shorter than two messages take?
--
-- A message takes 3 s, the time-out is 2 s. The leader, node 2, has died; 0 and 1 find out at once
-- and ask. At 2 s nobody has answered anybody: both declare themselves, and lead side by side until
-- the COORDINATOR of 1 reaches 0 at 5 s.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "2s" },
  links = { latency = "3s" },
  faults = { at(0, crash(2), elect(0), elect(1)) },
  duration = "60s",
  expect = { one_leader_per_term = "fails", agreement_on_leader = "holds" },
}
