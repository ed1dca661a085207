-- What does one lost message do to the bully election?
--
-- The COORDINATOR to node 0 is lost. Node 0 had not asked, so it waits for nothing, and goes on
-- with a leader that is dead.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(leader())), at("20ms", elect(1)),
    drop("COORDINATOR", nth(1), { to = 0 }),
  },
  duration = "1s",
  expect = { agreement_on_leader = "fails" },
}
