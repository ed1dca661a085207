-- Do all see two writes to one object in the same order?
--
-- That is coherence, the least that one would ask of a memory, and write-update does not even have
-- that: node 3 reads 1, then 2; node 4 reads 2, then 1.

local sequencer = param("sequencer", false, "one node gives all changes their order")

return scenario {
  nodes = 5, objects = 1,
  run = memory.write_update { sequencer = sequencer, at = 0 },
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { write(0, 2) },
    [3] = { wait("10ms"), read(0), wait("20ms"), read(0) },
    [4] = { wait("10ms"), read(0), wait("20ms"), read(0) },
  },
  faults = {
    delay({ sent = "UPDATE", from = 1, to = 4 }, nth(1), "20ms"),
    delay({ sent = "UPDATE", from = 2, to = 3 }, nth(1), "20ms"),
  },
  expect = { coherent = sequencer and "holds" or "fails",
             sequentially_consistent = sequencer and "holds" or "fails" },
}
