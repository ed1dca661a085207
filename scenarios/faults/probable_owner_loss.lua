-- What does one lost message do to those who follow hints?
--
-- The request of node 1 is lost on its way from node 2 to the owner, but node 2 already takes node
-- 1 for the owner: whoever follows that hint ends up in the queue of a node that waits for ever.

return scenario {
  nodes = 4, objects = 1,
  run = memory.probable_owner { first_owner = 2 },
  links = { latency = "1ms" },
  workload = programs {
    [0] = { write(0, 5) },
    [1] = { wait("10ms"), write(0, 1) },
    [3] = { wait("20ms"), read(0) },
  },
  faults = { drop("ASK_WRITE", nth(1), { from = 2 }) },
  expect = { every_access_completed = "fails", single_writer_or_readers = "holds" },
}
