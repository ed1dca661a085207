-- What if two nodes write the same object in turn?
--
-- The page goes to and fro, a fault for each write: ping-pong. Sharing memory is cheap to write
-- down and may be the most expensive way to send a message.

return scenario {
  nodes = 3, objects = 1,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = memory_clients { clients = { 1, 2 }, think = "10ms", accesses = 20, writes = "100%" },
}
