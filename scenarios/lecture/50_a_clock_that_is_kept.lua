-- What must a node remember over a crash?
--
-- Its clock, and nothing else. Node 1 dies as in 49_a_clock_that_is_forgotten.lua, but has written
-- its clock to stable storage before each message. Back again it asks with timestamp 3, and waits
-- until node 0 has left.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala { stable_clock = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = "5ms", hold = "10ms", entries = 2 },
  faults = { at("30ms", crash(1, { lasts = "1ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
