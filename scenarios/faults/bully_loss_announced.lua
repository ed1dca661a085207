-- Does it help where a COORDINATOR is lost, if the leader says now and then that it leads?
--
-- Yes: node 0 learns it a moment later. All else is as in bully_loss.lua.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms", announce_every = "100ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(leader())), at("20ms", elect(1)),
    drop("COORDINATOR", nth(1), { to = 0 }),
  },
  duration = "1s", settle = "200ms",
  expect = { agreement_on_leader = "holds" },
}
