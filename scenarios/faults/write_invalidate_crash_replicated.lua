-- What repairs the loss of a page with its owner when it does not come back?
--
-- More than one place where it is: under write-update every node has a copy of everything, and the
-- death of one loses nothing that was told.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_update { sequencer = true, at = 0 },
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("20ms"), read(1), read(0) },
  },
  faults = { at("10ms", crash(1)) },
  expect = { every_access_completed = "holds", sequentially_consistent = "holds" },
}
