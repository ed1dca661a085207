-- What if a broadcast reaches nobody who owns the page?
--
-- The request of node 1 comes to node 2 before the page does, and to node 0 after it has left.
-- Node 2 has remembered it, and the page tells which requests were served: node 1 is the next.

return scenario {
  nodes = 3, objects = 1,
  run = memory.broadcast_manager { first_owner = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("2ms"), write(0, 2) },
  },
  faults = { delay("ASK_WRITE", nth(1), "20ms", { from = 1, to = 0 }) },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
