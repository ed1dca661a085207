-- What repairs write-update with a sequencer where messages overtake each other?
--
-- Links that keep the order of sending: the second change waits behind the first.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_update { sequencer = true, at = 0 },
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1), write(1, 1) },
    [2] = { wait("10ms"), read(1), read(0), wait("20ms"), read(1) },
  },
  faults = { delay("UPDATE", nth(1), "20ms", { to = 2 }) },
  expect = { sequentially_consistent = "holds" },
}
