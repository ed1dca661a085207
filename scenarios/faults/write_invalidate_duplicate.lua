-- What does one duplicated message do to the plain manager of shared pages?
--
-- Nodes 2 and 3 have copies when node 4 wants to write. The acknowledgement of node 2 arrives
-- twice and is counted twice: node 4 gets the page while node 3, whom nobody has told yet, still
-- reads the old value.

return scenario {
  nodes = 5, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("20ms"), read(0), wait("20ms"), read(0) },
    [4] = { wait("30ms"), write(0, 2) },
  },
  faults = {
    delay("INVALIDATE", nth(1), "50ms", { to = 3 }),
    duplicate("INVALIDATED", nth(1), { from = 2 }),
  },
  expect = { single_writer_or_readers = "fails", linearizable = "fails" },
}
