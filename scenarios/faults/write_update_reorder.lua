-- Does write-update need its messages in order?
--
-- With a sequencer it does: node 2 hears of the second change before the first, and for a moment
-- there is what never was in the sequencer's order.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_update { sequencer = true, at = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), write(1, 1) },
    [2] = { wait("10ms"), read(1), read(0) },
  },
  faults = { delay("UPDATE", nth(1), "20ms", { to = 2 }) },
  expect = { sequentially_consistent = "fails", coherent = "holds" },
}
