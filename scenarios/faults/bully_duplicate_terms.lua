-- Do terms help where a COORDINATOR arrives a second time, late?
--
-- Yes: the copy has the term of a leader that has been replaced, and is not believed. All else is
-- as in bully_duplicate.lua.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "10ms", terms = true },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(2)), at("20ms", elect(1)), at("50ms", recover(2)),
    duplicate("COORDINATOR", nth(1), { from = 1, to = 0 }),
    delay("COORDINATOR", nth(1), "50ms", { from = 1, to = 0 }), -- one of the two
  },
  duration = "1s",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
