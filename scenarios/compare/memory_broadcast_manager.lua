-- What does asking everybody cost?
--
-- Two delays instead of three for a fault, and a message to every node.

return scenario {
  nodes = 8, objects = 16,
  run = memory.broadcast_manager {},
  links = { latency = uniform("800us", "1200us"), fifo = true },
  workload = memory_clients {
    think = exponential("5ms"), accesses = 300,
    writes = param("writes", "10%", "how many accesses are writes"),
  },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
