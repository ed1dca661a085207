-- What keeps the manager's books over its restart?
--
-- Stable storage, written before each message leaves: it still knows that node 1 owns the page and
-- that node 2 has a copy.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0, durable = true, retransmit = "20ms" },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0), wait("30ms"), read(0) },
    [3] = { wait("30ms"), write(0, 2) },
  },
  faults = { at("20ms", crash(coordinator(), { lasts = "5ms" })) },
  expect = { single_writer_or_readers = "holds", linearizable = "holds" },
}
