-- Why do Lamport's queues need messages in the order of sending?
--
-- Both ask at 10 ms, node 0 goes first. Its REQUEST takes 5 ms more, and its ACK overtakes it: node
-- 1 believes that it knows all earlier requests, finds its own the first and enters at 12 ms. At 16
-- ms the REQUEST arrives, node 1 acknowledges it like any other, and at 17 ms both are inside.

return scenario {
  nodes = 2,
  run = mutex.lamport {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "10ms", entries = 1 },
  faults = { delay("REQUEST", nth(1), "5ms", { from = 0, to = 1 }) },
  expect = { mutual_exclusion = "fails" },
}
