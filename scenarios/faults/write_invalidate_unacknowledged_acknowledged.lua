-- Does the acknowledgement of an invalidation keep old copies from being read?
--
-- The same late INVALIDATE as in write_invalidate_unacknowledged: node 3 waits until it has
-- arrived.

return scenario {
  nodes = 4, objects = 2,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [2] = { read(0), wait("20ms"), read(1), read(0) },
    [3] = { wait("10ms"), write(0, 1), write(1, 1) },
  },
  faults = { delay("INVALIDATE", nth(1), "100ms", { to = 2 }) },
  expect = { single_writer_or_readers = "holds", sequentially_consistent = "holds" },
}
