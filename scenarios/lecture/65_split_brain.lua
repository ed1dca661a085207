-- Who leads when the network is cut in two?
--
-- Each side has a leader of its own. Nodes 0 and 1 hear nothing of node 4 any more and elect node
-- 1; nodes 2 and 3 go on with node 4. At 60 ms the network is whole again, and nobody says anything
-- to anybody: two leaders for ever.

return scenario {
  nodes = 5,
  run = election.bully {
    timeout = "3ms",
    failure_detector = failure_detector.heartbeat { interval = "5ms", timeout = "20ms" },
  },
  links = { latency = "1ms" },
  faults = { at("12ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "48ms" })) },
  duration = "100ms", settle = "50ms",
  expect = { agreement_on_leader = "fails", one_leader_per_term = "fails" },
}
