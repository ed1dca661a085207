-- How can two machines share what is in memory?
--
-- In pages that are moved when they are needed. Node 1 writes object 0: a fault, the page comes
-- from its manager. Node 2 reads it: node 1 sends a copy, marked read-only, and may itself only read
-- from then on; both read as often as they like without a message. Then node 2 writes: its request
-- goes to the manager again, and node 1 hands the page over. One writer or many readers, never both.

return scenario {
  nodes = 3, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("20ms"), read(0), read(0), wait("30ms"), read(0) },
    [2] = { wait("10ms"), read(0), wait("20ms"), read(0), write(0, 2), write(0, 3) },
  },
  expect = { single_writer_or_readers = "holds", linearizable = "holds" },
}
