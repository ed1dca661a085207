-- What do hints cost instead of a manager?
--
-- The owner is found over the hints of those who had the page before.

return scenario {
  nodes = 8, objects = 16,
  run = memory.probable_owner {},
  links = { latency = uniform("800us", "1200us"), fifo = true },
  workload = memory_clients {
    think = exponential("5ms"), accesses = 300,
    writes = param("writes", "10%", "how many accesses are writes"),
  },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
