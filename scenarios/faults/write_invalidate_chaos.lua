-- Does the hardened manager keep its promises under everything at once?
--
-- Lost, doubled and overtaken messages, drifting clocks, cuts, partitions, and crashes of nodes
-- whose pages are durable. Every access of a client that lives is done, and all of them are
-- explained.

return scenario {
  nodes = 5, objects = 4,
  run = memory.write_invalidate { retransmit = "40ms", durable = true, object_size = "512B" },
  links = {
    latency = exponential("3ms"), loss = "5%", duplicate = "5%",
    reorder = { probability = "20%", by = exponential("10ms") },
  },
  clocks = { drift = uniform("-200ppm", "200ppm") },
  workload = memory_clients { think = exponential("5ms"), accesses = 100, writes = "40%" },
  faults = {
    chaos {
      crash = { every = exponential("500ms"), down = "100ms" },
      cut = { every = exponential("500ms"), lasts = "100ms" },
      partition = { every = exponential("1s"), lasts = "200ms" },
      until_ = "10s",
    },
  },
  expect = {
    every_access_completed = "holds", linearizable = "holds", single_writer_or_readers = "holds",
  },
}
