-- May many read a page at the same time? May one write it meanwhile?
--
-- Many may read: at 0 ms nodes 1, 2 and 3 get a copy each (3 messages, as the manager owns the
-- page), and read it again at no cost. To write at 30 ms node 0 must be alone: three INVALIDATE and
-- their answers, 6 messages. At 50 ms the readers fault again, and read what was written.

return scenario {
  nodes = 4,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [0] = { wait("30ms"), write(0, 7) },
    [1] = { read(0), read(0), wait("50ms"), read(0) },
    [2] = { read(0), read(0), wait("50ms"), read(0) },
    [3] = { read(0), read(0), wait("50ms"), read(0) },
  },
  expect = { single_writer_or_readers = "holds", every_access_completed = "holds" },
}
