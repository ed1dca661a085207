-- Can an answer to a question that a node asked before it restarted do harm?
--
-- Node 1 asks, the OK of 2 is slow, 1 restarts, then 2 and 3 die. Back without memory, 1 asks
-- again, and takes the OK of the dead node 2 for the answer: it waits for ever for a COORDINATOR.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(3)), at("20ms", elect(1)), at("21ms", crash(1)),
    delay("OK", nth(1), "30ms", { from = 2, to = 1 }),
    at("40ms", crash(2)), at("50ms", recover(1)),
  },
  duration = "1s",
  expect = { agreement_on_leader = "fails" },
}
