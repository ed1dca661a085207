-- What makes all nodes agree on the order of two writes?
--
-- A sequencer: both writes go to node 0 first, and all hear of them in the order that it gives
-- them.

return scenario {
  nodes = 3, objects = 1,
  run = memory.write_update { sequencer = true, at = 0 },
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1), read(0), wait("10ms"), read(0) },
    [2] = { write(0, 2), read(0), wait("10ms"), read(0) },
  },
  expect = { coherent = "holds", sequentially_consistent = "holds" },
}
