-- What does a central manager of shared pages cost, who waits for confirmations?
--
-- The load of all memory_*.lua: eight nodes read and write sixteen objects, each in a page of its
-- own, one access in ten is a write. Try --set writes=50%.

return scenario {
  nodes = 8, objects = 16,
  run = memory.write_invalidate {},
  links = { latency = uniform("800us", "1200us"), fifo = true },
  workload = memory_clients {
    think = exponential("5ms"), accesses = 300,
    writes = param("writes", "10%", "how many accesses are writes"),
  },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
