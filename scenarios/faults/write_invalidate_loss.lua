-- What does one lost message do to the plain manager of shared pages?
--
-- Node 1 has the page and has written it, but its CONFIRM is lost: for the manager that fault is
-- never over, and nobody else gets the page any more. Node 1 itself goes on with it.

return scenario {
  nodes = 3, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("20ms"), write(0, 2) },
    [2] = { wait("10ms"), read(0) },
  },
  faults = { drop("CONFIRM", nth(1)) },
  expect = { every_access_completed = "fails", single_writer_or_readers = "holds" },
}
