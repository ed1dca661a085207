-- What does it cost to tell everybody of every change?
--
-- Reads cost nothing, each write a message to each node, wanted or not.

return scenario {
  nodes = 8, objects = 16,
  run = memory.write_update { sequencer = true },
  links = { latency = uniform("800us", "1200us"), fifo = true },
  workload = memory_clients {
    think = exponential("5ms"), accesses = 300,
    writes = param("writes", "10%", "how many accesses are writes"),
  },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
