-- Are terms enough where the time-out is too short?
--
-- They keep no two from leading side by side, which nothing can where delays have no bound; but
-- the two lead in different terms, and the later one wins. All else is as in
-- bully_short_timeout.lua.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "2s", terms = true },
  links = { latency = "3s" },
  faults = { at(0, crash(2), elect(0), elect(1)) },
  duration = "60s",
  expect = { one_leader_per_term = "holds", agreement_on_leader = "holds" },
}
