-- And if only the lowest finds out, and the time-out is too short?
--
-- Node 0 declares itself at 2 s, without the OK that 1 sends at 3 s. Node 1 declares itself at 5 s:
-- two leaders from then until its COORDINATOR arrives at 8 s.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "2s" },
  links = { latency = "3s" },
  faults = { at(0, crash(2), elect(0)) },
  duration = "60s",
  expect = { one_leader_per_term = "fails", agreement_on_leader = "holds" },
}
