-- What if a node comes back without its memory, where leaders are numbered by terms?
--
-- While 2 is down, node 1 is elected three times, each time with a later term. Node 2 comes back,
-- has forgotten what the terms were, and begins to count anew: 0 and 1 do not believe the old term,
-- 2 believes itself.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "10ms", terms = true },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(2, { stable = "lost" })),
    at("20ms", elect(0)), at("120ms", elect(1)), at("220ms", elect(1)),
    at("400ms", recover(2)),
  },
  duration = "1s",
  expect = { agreement_on_leader = "fails", one_leader_per_term = "holds" },
}
