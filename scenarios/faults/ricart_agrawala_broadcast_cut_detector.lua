-- Does a detector also help where a node dies in the middle of asking everybody?
--
-- All ask at 15 ms. As in ricart_agrawala_broadcast_cut.lua node 0 dies behind the second of its
-- four requests. Whoever has heard of it or not waits for its REPLY, and leaves it out after 50 ms
-- without a heartbeat.

return scenario {
  nodes = 5,
  run = mutex.ricart_agrawala {
    failure_detector = failure_detector.heartbeat { interval = "10ms", timeout = "50ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "15ms", hold = "2ms", entries = 5 },
  faults = { at("14ms", crash(0, { after_sends = 2 })) }, -- the last heartbeat was at 10 ms
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
  duration = "1s",
}
