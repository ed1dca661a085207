-- What is the acknowledgement of an invalidation good for?
--
-- Without it the page is handed over while its copies are still read. The INVALIDATE to node 2 is
-- late; node 3 writes meanwhile, and node 2 sees what was written second before what was first.

return scenario {
  nodes = 4, objects = 2,
  run = memory.write_invalidate { manager = 0, acknowledge = false },
  links = { latency = "1ms" },
  workload = programs {
    [2] = { read(0), wait("20ms"), read(1), read(0) },
    [3] = { wait("10ms"), write(0, 1), write(1, 1) },
  },
  faults = { delay("INVALIDATE", nth(1), "100ms", { to = 2 }) },
  expect = {
    single_writer_or_readers = "fails", sequentially_consistent = "fails", linearizable = "fails",
  },
}
