-- What happens when a node writes memory of which there are copies?
--
-- The copies must go first. Node 2 owns the page, nodes 1 and 3 have read-only copies, node 4
-- writes at 30 ms: a write fault. The manager has both copies invalidated and waits for the
-- answers; then the owner hands the page over. 4 + 2 * 2 = 8 messages, 5 ms; node 4 owns it now.

return scenario {
  nodes = 5,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { wait("10ms"), read(0) },
    [2] = { write(0, 7) },
    [3] = { wait("10ms"), read(0) },
    [4] = { wait("30ms"), write(0, 8) },
  },
  warm_up = "25ms",
  expect = { single_writer_or_readers = "holds", every_access_completed = "holds" },
}
