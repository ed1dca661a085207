-- What does one lost message do to write-update?
--
-- Without acknowledgements nobody notices: node 2 never hears of the first of two changes, and
-- goes on with a state that never was.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_update {},
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1), write(1, 1) },
    [2] = { wait("10ms"), read(1), read(0) },
  },
  faults = { drop("UPDATE", nth(1), { to = 2 }) },
  expect = { every_access_completed = "holds", sequentially_consistent = "fails" },
}
