-- Can a failure detector mend the ring?
--
-- Yes: whoever suspects its neighbour sends to the one behind it. Even the leader may die: who
-- suspects it starts an election among the others, and what still goes round about it is swallowed.

return scenario {
  nodes = 5,
  run = election.chang_roberts {
    patience = "100ms",
    failure_detector = failure_detector.heartbeat { interval = "20ms", timeout = "60ms" },
  },
  links = { latency = "1ms" },
  faults = {
    at("5ms", crash(2)), at("10ms", elect(any())), at("500ms", crash(leader())),
  },
  duration = "1s", settle = "500ms",
  expect = { agreement_on_leader = "holds" },
}
