-- Are Lamport's queues safe where messages are slow, but stay in order?
--
-- The same slow REQUEST as in lamport_reorder.lua on links that keep the order: the ACK arrives
-- behind it, and node 1 knows that it has to wait.

return scenario {
  nodes = 2,
  run = mutex.lamport {},
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { think = "10ms", hold = "20ms", entries = 1 },
  faults = { delay("REQUEST", nth(1), "5ms", { from = 0, to = 1 }) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
