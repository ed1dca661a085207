-- Does it help a leader that has lost its memory, if those who know better say so?
--
-- Yes: 0 and 1 answer the old term with the one that they know, and 2 leads with a later one. All
-- else is as in bully_restart.lua.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "10ms", terms = true, contest = true },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(2, { stable = "lost" })),
    at("20ms", elect(0)), at("120ms", elect(1)), at("220ms", elect(1)),
    at("400ms", recover(2)),
  },
  duration = "1s",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
