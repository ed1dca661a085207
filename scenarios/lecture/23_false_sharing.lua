-- What if two nodes write different objects that lie in one page?
--
-- The same ping-pong, although they share nothing: false sharing. With --set object_size=1KiB each
-- object has a page of its own, and each node faults once.

return scenario {
  nodes = 3, objects = 2,
  run = memory.write_invalidate {
    manager = 0, page_size = "1KiB",
    object_size = param("object_size", "512B", "two of 512B lie in a page, one of 1KiB"),
  },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("10ms"), write(0, 2), wait("10ms"), write(0, 3) },
    [2] = { wait("5ms"), write(1, 1), wait("10ms"), write(1, 2), wait("10ms"), write(1, 3) },
  },
}
