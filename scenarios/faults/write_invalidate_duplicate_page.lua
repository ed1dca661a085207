-- What does a page do that arrives twice?
--
-- Both objects lie in one page. Node 2 reads it, and one of two copies of its PAGE is late. Node 3
-- writes object 0; node 2 loses its copy and asks for the page again, to write object 1. The late
-- copy comes first and is taken for the answer: node 2 writes into an old page while node 3 owns
-- the new one. Then the manager believes node 2, and what node 3 wrote is gone.

return scenario {
  nodes = 4, objects = 2,
  run = memory.write_invalidate { manager = 0, object_size = "512B" },
  links = { latency = "1ms" },
  workload = programs {
    [2] = { read(0), wait("20ms"), write(1, 2) },
    [3] = { wait("10ms"), write(0, 3), wait("30ms"), read(0) },
  },
  faults = { delay("PAGE", nth(1), "21ms", { to = 2 }), duplicate("PAGE", nth(1), { to = 2 }) },
  expect = {
    single_writer_or_readers = "fails",
    coherent = "fails", linearizable = "fails", sequentially_consistent = "fails",
  },
}
