-- Does the confirmation keep a reader away from a writer?
--
-- The same late copy as in write_invalidate_unconfirmed: the manager does not serve node 3 before
-- node 2 has confirmed, so the INVALIDATE leaves when the copy has come.

return scenario {
  nodes = 4, objects = 2,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [2] = { read(0), wait("20ms"), read(1), read(0) },
    [3] = { wait("5ms"), write(0, 1), write(1, 1) },
  },
  faults = { delay("PAGE", nth(1), "20ms", { to = 2 }) },
  expect = { single_writer_or_readers = "holds", sequentially_consistent = "holds" },
}
