-- What if two nodes write the same variable in turns?
--
-- The page goes to and fro, like a ball (ping-pong). Each write finds it at the other node and is a
-- write fault: 4 messages and 3 ms, as often as they write.

return scenario {
  nodes = 3,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("20ms"), write(0, 3), wait("20ms"), write(0, 5) },
    [2] = { wait("10ms"), write(0, 2), wait("20ms"), write(0, 4), wait("20ms"), write(0, 6) },
  },
  warm_up = "5ms",
  expect = { single_writer_or_readers = "holds", every_access_completed = "holds" },
}
