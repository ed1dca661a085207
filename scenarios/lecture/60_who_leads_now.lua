-- Who leads when the leader has died?
--
-- The highest id that lives: the bully. Node 0 finds out first, at 10 ms, and asks all higher ones
-- (ELECTION). Who lives says OK, leave it to me, and asks in its turn. Node 3 hears no OK within 3
-- ms and says COORDINATOR to all lower ones. 10 ELECTION, 6 OK, 3 COORDINATOR: n*n-n-1 = 19.

return scenario {
  nodes = 5,
  run = election.bully { timeout = "3ms" },
  links = { latency = "1ms" },
  faults = { at("5ms", crash(leader())), at("10ms", elect(0)) },
  duration = "20ms", settle = "20ms",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
