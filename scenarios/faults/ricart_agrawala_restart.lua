-- What if a node comes back without its clock?
--
-- Node 2 is inside. Node 0 waits for it with timestamp 2 and has the REPLY of node 1, which
-- crashes, comes back and asks with timestamp 1, which is earlier than what it has agreed to. Node
-- 0 lets it go first; when node 2 leaves, both enter.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "20ms", entries = 2 },
  faults = { at("55ms", crash(1, { lasts = "2ms" })) },
  expect = { mutual_exclusion = "fails" },
}
