-- What does one duplicated message do to the bully election?
--
-- While 2 is down, node 1 leads. Its COORDINATOR to node 0 arrives twice, the second copy 50 ms
-- later. By then 2 is back and leads; node 0 believes the old news, and follows 1 again.

return scenario {
  nodes = 3,
  run = election.bully { timeout = "10ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(2)), at("20ms", elect(1)), at("50ms", recover(2)),
    duplicate("COORDINATOR", nth(1), { from = 1, to = 0 }),
    delay("COORDINATOR", nth(1), "50ms", { from = 1, to = 0 }), -- one of the two
  },
  duration = "1s",
  expect = { agreement_on_leader = "fails" },
}
