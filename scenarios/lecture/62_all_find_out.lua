-- What if all find out at the same moment?
--
-- It takes as many messages as if only the lowest had: 19. Each holds one election in any case,
-- when it finds out or when somebody lower asks it, and has one under way when the ELECTIONs of the
-- others arrive.

return scenario {
  nodes = 5,
  run = election.bully { timeout = "3ms" },
  links = { latency = "1ms" },
  faults = { at("5ms", crash(leader())), at("10ms", elect(any())) },
  duration = "20ms", settle = "20ms",
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
