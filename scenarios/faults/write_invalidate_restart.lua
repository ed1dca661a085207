-- What if the manager comes back without its books?
--
-- It believes that all pages are its own again, full of zeros, and that nobody has copies. Node 3
-- gets such a page to write while nodes 1 and 2 still read what is there: stale copies.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0), wait("30ms"), read(0) },
    [3] = { wait("30ms"), write(0, 2) },
  },
  faults = { at("20ms", crash(coordinator(), { lasts = "5ms" })) },
  expect = { single_writer_or_readers = "fails", linearizable = "fails" },
}
