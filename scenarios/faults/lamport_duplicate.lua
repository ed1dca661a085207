-- What does one old message that comes a second time do to Lamport's queues?
--
-- The RELEASE of node 0's first entry comes twice to node 1, the second time at 58 ms. By then
-- node 0 is inside again, and the copy takes its new request out of node 1's queue: 1 finds itself
-- first.

return scenario {
  nodes = 2,
  run = mutex.lamport {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "20ms", entries = 2 },
  faults = {
    duplicate("RELEASE", nth(1), { from = 0, to = 1 }),
    delay("RELEASE", nth(1), "25ms", { from = 0, to = 1 }), -- the other copy comes in time
  },
  expect = { mutual_exclusion = "fails" },
}
