-- What does a partition do to the bully election?
--
-- Split brain: 0 and 1 cannot hear the leader 4 and elect 1, while the others keep 4. When the
-- network has healed nobody tells anybody: two leaders for ever.

return scenario {
  nodes = 5,
  run = election.bully {
    timeout = "10ms",
    failure_detector = failure_detector.heartbeat { interval = "20ms", timeout = "60ms" },
  },
  links = { latency = "1ms" },
  faults = { at("200ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "300ms" })) },
  duration = "1s", settle = "200ms",
  expect = { agreement_on_leader = "fails", one_leader_per_term = "fails" },
}
