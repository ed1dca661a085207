-- Can the fully distributed method go on without a node that has died?
--
-- The same death as in ricart_agrawala_crash.lua. Who hears no heartbeat of node 3 for 50 ms leaves
-- it out, and waits for its REPLY no longer.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {
    failure_detector = failure_detector.heartbeat { interval = "10ms", timeout = "50ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 5 },
  faults = { at("30ms", crash(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
  duration = "1s",
}
