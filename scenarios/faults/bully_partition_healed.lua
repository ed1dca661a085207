-- How do the two leaders of a partition find together again?
--
-- Both say again and again that they lead, also to higher ids: as soon as the network has healed,
-- node 4 hears the lower leader and takes over. Meanwhile there are two leaders, as there must be
-- (no election can tell a partition from a crash), but of two terms, so that whoever they give
-- orders to can tell the later one.

return scenario {
  nodes = 5,
  run = election.bully {
    timeout = "10ms", terms = true, contest = true, patience = "60ms", announce_every = "50ms",
    failure_detector = failure_detector.heartbeat { interval = "20ms", timeout = "60ms" },
  },
  links = { latency = "1ms" },
  faults = { at("200ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "300ms" })) },
  duration = "1s", settle = "200ms",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
