-- Can lost messages make two leaders?
--
-- Node 1 suspects the leader 3, wrongly. Its two ELECTIONs are lost, nobody says OK, so it takes
-- itself for the highest that lives and tells node 0. Nodes 2 and 3 never hear of it.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms" },
  links = { latency = "1ms" },
  faults = { at("20ms", elect(1)), drop("ELECTION", nth(1, 2)) },
  duration = "1s",
  expect = { agreement_on_leader = "fails", one_leader_per_term = "fails" },
}
