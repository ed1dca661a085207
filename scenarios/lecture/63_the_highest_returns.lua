-- What happens when the highest comes back?
--
-- It has nobody to ask, and takes over at once: n-1 = 4 COORDINATOR, whoever leads and however
-- well. Node 3 has led since 13 ms. At 30 ms node 4 is back and leads as well; until its
-- COORDINATOR arrives, for 1 ms, there are two leaders.

return scenario {
  nodes = 5,
  run = election.bully { timeout = "3ms" },
  links = { latency = "1ms" },
  faults = { at("5ms", crash(leader())), at("10ms", elect(3)), at("30ms", recover(4)) },
  duration = "40ms", settle = "20ms",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "fails" },
}
