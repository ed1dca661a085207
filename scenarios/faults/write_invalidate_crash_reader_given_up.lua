-- What lets others write when a reader has died?
--
-- A time-out: after five repetitions in vain its copy counts as gone, which it is.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0, retransmit = "10ms", give_up_after = 5 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("30ms"), write(0, 2) },
  },
  faults = { at("20ms", crash(2)) },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
