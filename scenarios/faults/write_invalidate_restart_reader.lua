-- Does it matter that a reader forgets its copy?
--
-- No: it has none when it comes back, and would ask again. The manager, who believes that it still
-- has one, has it invalidated in vain.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("60ms"), read(0) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("40ms"), write(0, 2) },
  },
  faults = { at("20ms", crash(2, { lasts = "5ms" })) },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
