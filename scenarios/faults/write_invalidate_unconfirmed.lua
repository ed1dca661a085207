-- What is the confirmation of a page good for?
--
-- Without it the manager goes on while the page is still on its way. The copy for node 2 is late;
-- node 3 writes, and its INVALIDATE overtakes that copy. Node 2 has nothing to void yet, says so,
-- and then takes what comes for valid: a reader beside a writer, with the old value for ever.

return scenario {
  nodes = 4, objects = 2,
  run = memory.write_invalidate { manager = 0, confirm = false },
  links = { latency = "1ms" },
  workload = programs {
    [2] = { read(0), wait("20ms"), read(1), read(0) },
    [3] = { wait("5ms"), write(0, 1), write(1, 1) },
  },
  faults = { delay("PAGE", nth(1), "20ms", { to = 2 }) },
  expect = {
    single_writer_or_readers = "fails", sequentially_consistent = "fails", linearizable = "fails",
  },
}
