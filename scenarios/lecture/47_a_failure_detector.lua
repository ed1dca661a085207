-- How can the others go on without the dead node?
--
-- They must notice that it is dead: all say HEARTBEAT every 5 ms, and who has been silent for 20 ms
-- is waited for no longer. The last HEARTBEAT of node 3 came at 16 ms. At 36 ms the others take it
-- for dead, and node 0, who has waited since 27 ms for its REPLY, enters.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {
    failure_detector = failure_detector.heartbeat { interval = "5ms", timeout = "20ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { at("18ms", crash(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
