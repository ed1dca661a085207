-- What repairs the loss of a page with its owner?
--
-- Pages and books in stable storage: node 1 comes back with what it had. Meanwhile the manager
-- repeats its request. A node that stays away keeps its pages, but nobody gets them.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_invalidate { manager = 0, durable = true, retransmit = "20ms" },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("20ms"), read(1), read(0) },
  },
  faults = { at("10ms", crash(1, { lasts = "100ms" })) },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
