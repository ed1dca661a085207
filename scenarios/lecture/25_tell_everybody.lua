-- Why not simply tell everybody what has changed?
--
-- Reads cost nothing then, writes a message to each other node. But two nodes that write at the
-- same time tell the others in two orders: some end with 1, some with 2, and stay so. With --set
-- sequencer=true one node gives all writes their order; but then none is done before it has come
-- back.

local sequencer = param("sequencer", false, "one node gives all changes their order")

return scenario {
  nodes = 5, objects = 1,
  run = memory.write_update { sequencer = sequencer, at = 0 },
  links = { latency = uniform("1ms", "5ms"), fifo = true },
  workload = programs {
    [1] = { write(0, 1), wait("20ms"), read(0) },
    [2] = { write(0, 2), wait("20ms"), read(0) },
    [3] = { wait("2ms"), read(0), wait("20ms"), read(0) },
    [4] = { wait("2ms"), read(0), wait("20ms"), read(0) },
  },
  expect = { coherent = sequencer and "holds" or "fails",
             sequentially_consistent = sequencer and "holds" or "fails" },
}
