-- What does a node know that comes back without its memory?
--
-- Nothing of what was told before: it is told what is new only. What it reads then never was.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_update { sequencer = true, at = 0 },
  links = { latency = "1ms", fifo = true },
  workload = memory_clients {
    clients = { 1, 2 }, think = "2ms", accesses = 20, writes = "30%",
  },
  faults = { when({ indication = "READ_DONE", node = 2 }, nth(8), crash(2, { lasts = "5ms" })) },
  expect = { every_access_completed = "holds", sequentially_consistent = "fails" },
}
