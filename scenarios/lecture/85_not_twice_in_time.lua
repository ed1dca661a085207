-- Is a memory that explains everything also up to date?
--
-- Not if reads are local: node 1's write is done, and node 2, who has not heard of it yet, still
-- reads the old value, for which there is an order that explains it: sequentially consistent, but
-- not linearizable.

return scenario {
  nodes = 3, objects = 1,
  run = memory.write_update { sequencer = true, at = 0 },
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0), wait("20ms"), read(0) },
  },
  faults = { delay("UPDATE", nth(1), "20ms", { to = 2 }) },
  expect = { sequentially_consistent = "holds", linearizable = "fails" },
}
