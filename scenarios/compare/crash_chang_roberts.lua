-- What does an election on a ring do about the death of the leader, all over the world?
--
-- The same regions, heartbeats, death and return as in crash_bully.lua. Whoever suspects its
-- neighbour sends to the one behind it. The ids ascend round the ring: its best case.

return scenario {
  nodes = 10,
  run = election.chang_roberts {
    arrangement = param("arrangement", 0, "of the ids round the ring"),
    patience = param("patience", "5s", "without ELECTED before a node starts anew"),
    failure_detector = failure_detector.heartbeat { interval = "200ms", timeout = "1s" },
  },
  links = { matrix = matrix("../data/cloud_regions_rtt_ms.csv", { unit = "ms", half = true }) },
  faults = {
    at(0, elect(any())), at("10s", crash(leader(), { lasts = "10s" })),
  },
  duration = "30s", settle = "5s",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "fails" },
}
