-- Who is right when two nodes write the same object at the same time?
--
-- Nobody: node 1 hears of the write of node 2 after its own, and node 2 the other way round. Each
-- keeps the other's value, for ever.

return scenario {
  nodes = 3, objects = 1,
  run = memory.write_update {},
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), read(0), wait("10ms"), read(0) },
    [2] = { write(0, 2), read(0), wait("10ms"), read(0) },
  },
  expect = { coherent = "fails", sequentially_consistent = "fails" },
}
