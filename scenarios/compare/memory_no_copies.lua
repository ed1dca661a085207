-- What does the same load cost without copies for readers?
--
-- Every read of an object that is elsewhere goes to its owner.

return scenario {
  nodes = 8, objects = 16,
  run = memory.write_invalidate { copy_on_read = false },
  links = { latency = uniform("800us", "1200us"), fifo = true },
  workload = memory_clients {
    think = exponential("5ms"), accesses = 300,
    writes = param("writes", "10%", "how many accesses are writes"),
  },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
