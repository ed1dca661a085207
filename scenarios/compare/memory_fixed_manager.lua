-- What is saved if each node manages some of the pages?
--
-- Messages, hardly: one in eight faults is at its manager. But no node is a bottleneck.

return scenario {
  nodes = 8, objects = 16,
  run = memory.improved_manager { distributed = true },
  links = { latency = uniform("800us", "1200us"), fifo = true },
  workload = memory_clients {
    think = exponential("5ms"), accesses = 300,
    writes = param("writes", "10%", "how many accesses are writes"),
  },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
