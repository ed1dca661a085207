-- Do terms help where one COORDINATOR overtakes another?
--
-- Yes: what comes last has a lower term than what node 0 knows, and is not believed. All else is as
-- in bully_reorder.lua.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "10ms", terms = true },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(2)), at("20ms", elect(1)), at("50ms", recover(2)),
    delay("COORDINATOR", nth(1), "50ms", { from = 1, to = 0 }),
  },
  duration = "1s",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
