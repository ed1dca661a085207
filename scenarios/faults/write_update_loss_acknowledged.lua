-- Does one notice the loss of a change where changes are acknowledged?
--
-- Yes, but that is all: the writer waits for an acknowledgement that never comes.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_update { acknowledge = true },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), write(1, 1) },
    [2] = { wait("10ms"), read(1), read(0) },
  },
  faults = { drop("UPDATE", nth(1), { to = 2 }) },
  expect = { every_access_completed = "fails", sequentially_consistent = "holds" },
}
