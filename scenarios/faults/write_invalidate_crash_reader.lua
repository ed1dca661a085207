-- Who can write when a reader has died?
--
-- Nobody: its acknowledgement never comes. A copy is enough to stop all writers of the page.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("30ms"), write(0, 2) },
  },
  faults = { at("20ms", crash(2)) },
  expect = { every_access_completed = "fails", single_writer_or_readers = "holds" },
}
