-- On whom does it depend how many messages an election takes?
--
-- On who finds out: the lower, the more. Here it is node 3, the highest that lives: one ELECTION to
-- the dead node, no OK, three COORDINATOR, n-1 = 4 messages. With `--set who=2` it is 7, with 1 it
-- is 12, with 0 it is 19: (n-1-i)^2 + n-2.

return scenario {
  nodes = 5,
  run = election.bully { timeout = "3ms" },
  links = { latency = "1ms" },
  faults = { at("5ms", crash(leader())), at("10ms", elect(param("who", 3, "who finds out"))) },
  duration = "20ms", settle = "20ms",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
