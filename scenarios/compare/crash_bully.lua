-- What does the bully do about the death of the leader, with ten nodes all over the world?
--
-- One node in each of ten cloud regions, all of which hear each other's heartbeats. All ask for an
-- election at once; the leader dies and comes back. Compare with crash_chang_roberts.lua.

return scenario {
  nodes = 10,
  run = election.bully {
    timeout = param("timeout", "500ms", "for the OK"),
    failure_detector = failure_detector.heartbeat { interval = "200ms", timeout = "1s" },
  },
  links = { matrix = matrix("../data/cloud_regions_rtt_ms.csv", { unit = "ms", half = true }) },
  faults = {
    at(0, elect(any())), at("10s", crash(leader(), { lasts = "10s" })),
  },
  duration = "30s", settle = "5s",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "fails" },
}
