-- What happens to a page whose owner dies?
--
-- It is lost: the value that node 1 wrote was nowhere else. Who wants the page waits for ever,
-- also after node 1 has come back with nothing.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("20ms"), read(1), read(0) },
  },
  faults = { at("10ms", crash(1, { lasts = "5ms" })) },
  expect = { every_access_completed = "fails", single_writer_or_readers = "holds" },
}
