-- Why must a node hold one election at a time?
--
-- A trap: here each ELECTION starts an election, also where one is under way. Of ten nodes the
-- lowest asks once, and 2^9 - 1 = 511 ELECTIONs are sent; with one election at a time it is 45.

return scenario {
  nodes = param("nodes", 10),
  run = election.bully { timeout = "25ms", eager = param("eager", true) },
  links = { latency = "10ms" },
  faults = { at("10ms", crash(leader())), at("20ms", elect(0)) },
  duration = "10s",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
