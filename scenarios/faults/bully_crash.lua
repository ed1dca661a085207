-- Does the bully election survive the death of the leader?
--
-- Yes, that is what it is for: the heartbeats stop, everybody holds an election, and the highest
-- that lives takes over. When the old leader comes back, it takes over again at once, and until its
-- COORDINATOR arrives there are two leaders: that is what terms are for.

return scenario {
  nodes = 5,
  run = election.bully {
    timeout = "10ms",
    failure_detector = failure_detector.heartbeat { interval = "20ms", timeout = "60ms" },
  },
  links = { latency = "1ms" },
  faults = { at("200ms", crash(leader(), { lasts = "400ms" })) },
  duration = "1s", settle = "100ms",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "fails" },
}
