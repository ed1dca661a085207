-- How long must one wait for a reader before it is taken for dead?
--
-- Longer than a message to it and back can take: 60 ms + 1 ms. Ten repetitions, 100 ms, are
-- enough.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0, retransmit = "10ms", give_up_after = 10 },
  links = { latency = "1ms", link(0, 2, { latency = "60ms" }) },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0), wait("50ms"), read(0) },
    [3] = { wait("30ms"), write(0, 2) },
  },
  expect = { single_writer_or_readers = "holds", linearizable = "holds" },
}
