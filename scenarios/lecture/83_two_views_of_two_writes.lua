-- Do all see two writes in the same order if each write is acknowledged by all?
--
-- No. Nodes 1 and 2 write different objects. Node 3 hears of the first, and not yet of the second;
-- node 4 the other way round. Neither write is done yet, but both can be seen already, here or
-- there. (IRIW: independent reads of independent writes.) With --set sequencer=true they cannot.

local sequencer = param("sequencer", false, "one node gives all changes their order")

return scenario {
  nodes = 5, objects = 2,
  run = memory.write_update { acknowledge = true, sequencer = sequencer, at = 0 },
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { write(1, 1) },
    [3] = { wait("10ms"), read(0), read(1) },
    [4] = { wait("10ms"), read(1), read(0) },
  },
  faults = {
    delay({ sent = "UPDATE", from = 1, to = 4 }, nth(1), "20ms"),
    delay({ sent = "UPDATE", from = 2, to = 3 }, nth(1), "20ms"),
  },
  expect = { sequentially_consistent = sequencer and "holds" or "fails", coherent = "holds" },
}
