-- Do shared pages need their messages in order?
--
-- No: half of all messages are overtaken. The manager serves the next fault of a page only when
-- the one before is confirmed, and hands a page over only when all copies are known to be void:
-- nothing is left that could be overtaken.

return scenario {
  nodes = 6, objects = 4,
  run = memory.write_invalidate { manager = 0, object_size = "512B" },
  links = {
    latency = exponential("2ms"),
    reorder = { probability = "50%", by = uniform("1ms", "20ms") },
  },
  workload = memory_clients { think = exponential("5ms"), accesses = 100, writes = "40%" },
  expect = {
    every_access_completed = "holds", linearizable = "holds", single_writer_or_readers = "holds",
  },
}
