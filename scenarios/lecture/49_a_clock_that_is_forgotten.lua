-- What if a node comes back without its clock?
--
-- Node 2 is inside until 39 ms. Node 0 waits for it, with timestamp 2 and the REPLY of node 1. That
-- one dies at 30 ms, is back 1 ms later, and asks with timestamp 1: earlier than what it has agreed
-- to. Node 0 lets it go first. At 40 ms the REPLYs of node 2 reach both, and both enter.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "5ms", hold = "10ms", entries = 2 },
  faults = { at("30ms", crash(1, { lasts = "1ms" })) },
  expect = { mutual_exclusion = "fails" },
}
