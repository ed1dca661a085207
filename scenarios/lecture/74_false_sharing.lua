-- What if two nodes write two different variables in turns?
--
-- If both lie in one page, the page goes to and fro as in 73_ping_pong.lua, although neither wants
-- what the other has written: false sharing, 4 messages a write. With `--set page_size=1KiB` each
-- variable has a page of its own, and nothing is sent after the first write of each: 0 messages.

return scenario {
  nodes = 3,
  objects = 2,
  run = memory.write_invalidate {
    manager = 0, object_size = "1KiB", page_size = param("page_size", "2KiB"),
  },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("20ms"), write(0, 3), wait("20ms"), write(0, 5) },
    [2] = { wait("10ms"), write(1, 2), wait("20ms"), write(1, 4), wait("20ms"), write(1, 6) },
  },
  warm_up = "15ms",
  expect = { single_writer_or_readers = "holds", every_access_completed = "holds" },
}
