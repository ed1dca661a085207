-- What must a node remember over a crash?
--
-- Its clock. The same crash as in ricart_agrawala_restart.lua: node 1 asks with a timestamp later
-- than all that it has agreed to, and waits for node 0.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala { stable_clock = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "20ms", entries = 2 },
  faults = { at("55ms", crash(1, { lasts = "2ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
