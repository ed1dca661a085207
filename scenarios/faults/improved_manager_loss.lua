-- What does one lost message do where the owner keeps the queue of a page?
--
-- The page is lost on its way to its new owner, and with it everything: all later requests wait at
-- node 1 for a page that never comes.

return scenario {
  nodes = 4, objects = 1,
  run = memory.improved_manager { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("10ms"), write(0, 3) },
  },
  faults = { drop("PAGE", nth(1)) },
  expect = { every_access_completed = "fails", single_writer_or_readers = "holds" },
}
