-- Does it help where two take themselves for the leader, if higher nodes hear of it, too?
--
-- Yes: the COORDINATOR of node 1 reaches 2 and 3 as well. They are higher, and hold an election.
-- For a moment there are two leaders, but of two terms. All else is as in
-- bully_loss_two_leaders.lua.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms", contest = true, terms = true },
  links = { latency = "1ms" },
  faults = { at("20ms", elect(1)), drop("ELECTION", nth(1, 2)) },
  duration = "1s",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
