-- What does the copy of an old REQUEST do to the plain fully distributed method?
--
-- Node 0's first REQUEST to node 1 comes twice, the second time at 45 ms. By then node 2 is inside,
-- and node 0 has asked again and lacks nothing but the REPLY of node 2. Node 1 replies to the old
-- REQUEST; node 0 counts that for the missing one and enters.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 2 }, think = "10ms", hold = "20ms", entries = 2 },
  faults = {
    duplicate("REQUEST", nth(1), { from = 0, to = 1 }),
    delay("REQUEST", nth(1), "34ms", { from = 0, to = 1 }), -- the other copy comes in time
  },
  expect = { mutual_exclusion = "fails" },
}
