-- How long must the time-out of an election be?
--
-- Longer than two messages take: 6 s and a little. All else is as in bully_short_timeout.lua.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "6001ms" },
  links = { latency = "3s" },
  faults = { at(0, crash(2), elect(0), elect(1)) },
  duration = "60s",
  expect = { one_leader_per_term = "holds", agreement_on_leader = "holds" },
}
