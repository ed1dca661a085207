-- Does sharing go on when the partition is over?
--
-- With repetitions it does, about as soon as the network has healed.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0, retransmit = "20ms" },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("20ms"), read(0) },
    [3] = { wait("20ms"), write(0, 3) },
  },
  faults = { at("10ms", partition({ 0, 1 }, { 2, 3 }, { lasts = "100ms" })) },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
