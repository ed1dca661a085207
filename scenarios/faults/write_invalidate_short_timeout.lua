-- What if the reader that is taken for dead is only slow to hear?
--
-- Every message from the manager to node 2 takes 60 ms. After two repetitions, 20 ms, its copy is
-- given up, and node 3 writes; node 2 goes on reading the old value.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0, retransmit = "10ms", give_up_after = 2 },
  links = { latency = "1ms", link(0, 2, { latency = "60ms" }) },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0), wait("50ms"), read(0) },
    [3] = { wait("30ms"), write(0, 2) },
  },
  expect = { single_writer_or_readers = "fails", linearizable = "fails" },
}
