-- What if the node that said "leave it to me" dies?
--
-- The leader 3 is dead. Node 0 asks, 1 and 2 say OK, 1 gets an OK from 2. Then 2 dies, before it
-- could say COORDINATOR, and 0 and 1 wait for that for ever.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(leader())), at("20ms", elect(0)),
    when("OK", nth(1), { from = 2, to = 1 }, crash(2)),
  },
  duration = "1s",
  expect = { agreement_on_leader = "fails" },
}
