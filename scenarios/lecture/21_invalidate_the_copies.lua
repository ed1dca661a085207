-- Who must hear of it when a page is written that others read?
--
-- All who have a copy: the manager voids four copies and waits for four acknowledgements before
-- node 1 gets the page. 4 + 2c messages: here, 12.

return scenario {
  nodes = 7, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { wait("60ms"), write(0, 2) },
    [2] = { write(0, 1) },
    [3] = { wait("10ms"), read(0) }, [4] = { wait("20ms"), read(0) },
    [5] = { wait("30ms"), read(0) }, [6] = { wait("40ms"), read(0) },
  },
  expect = { single_writer_or_readers = "holds" },
}
