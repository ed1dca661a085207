-- How do two leaders find out about each other?
--
-- Leaders number their terms, and say again every 10 ms that they lead. When the network is whole
-- again, nodes 0 and 1, who know of term 11, hear node 4 speak of term 9 and tell it so (ELECTION).
-- Node 4 takes over in term 19, and is believed. In no term have there been two leaders.

return scenario {
  nodes = 5,
  run = election.bully {
    timeout = "3ms", terms = true, contest = true, announce_every = "10ms",
    failure_detector = failure_detector.heartbeat { interval = "5ms", timeout = "20ms" },
  },
  links = { latency = "1ms" },
  faults = { at("12ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "48ms" })) },
  duration = "100ms", settle = "50ms",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
