-- Does the bully election need its messages in order?
--
-- Yes. Node 1 leads while 2 is down; its COORDINATOR to node 0 is slow. The COORDINATOR of 2, which
-- has come back and leads, overtakes it: node 0 hears the old news last, and believes it.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "10ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(2)), at("20ms", elect(1)), at("50ms", recover(2)),
    delay("COORDINATOR", nth(1), "50ms", { from = 1, to = 0 }),
  },
  duration = "1s",
  expect = { agreement_on_leader = "fails" },
}
