-- What is saved if owners keep the copy sets and nobody confirms?
--
-- The same load as in memory_write_invalidate.lua.

return scenario {
  nodes = 8, objects = 16,
  run = memory.improved_manager {},
  links = { latency = uniform("800us", "1200us"), fifo = true },
  workload = memory_clients {
    think = exponential("5ms"), accesses = 300,
    writes = param("writes", "10%", "how many accesses are writes"),
  },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
