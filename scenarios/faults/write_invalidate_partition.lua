-- Can a page be shared over a partition?
--
-- No: node 2's request does not reach the manager. It is safe, but plain messages are not sent
-- again: node 2 waits also after the network has healed.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("20ms"), read(0) },
    [3] = { wait("20ms"), write(0, 3) },
  },
  faults = { at("10ms", partition({ 0, 1 }, { 2, 3 }, { lasts = "100ms" })) },
  expect = { every_access_completed = "fails", single_writer_or_readers = "holds" },
}
