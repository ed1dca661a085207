-- What if an INVALIDATE overtakes the copy where nobody confirms?
--
-- The copy for node 2 is late, and node 3, the new owner, has it invalidated before it has come.
-- Node 2 knows that it waits for one: it uses the copy once when it comes, and acknowledges only
-- then.

return scenario {
  nodes = 4, objects = 1,
  run = memory.improved_manager { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [2] = { read(0), read(0) },
    [3] = { wait("5ms"), write(0, 1) },
  },
  faults = { delay("COPY", nth(1), "20ms", { to = 2 }) },
  expect = { single_writer_or_readers = "holds", linearizable = "holds" },
}
