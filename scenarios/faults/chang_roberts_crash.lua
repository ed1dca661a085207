-- What does the death of a node do to an election on a ring?
--
-- The ring is broken at node 2: what is sent to it is lost, and no id ever comes back to its owner.

return scenario {
  nodes = 5,
  run = election.chang_roberts {},
  links = { latency = "1ms" },
  faults = { at("5ms", crash(2)), at("10ms", elect(any())) },
  duration = "1s",
  expect = { agreement_on_leader = "fails" },
}
