-- What if the old coordinator comes back?
--
-- The highest id takes over again, at once: that is the bully. Node 3 dies at 12 ms and is back at
-- 100 ms, while the client of node 2, the new coordinator, is inside. It asks everybody in a new
-- epoch, hears HOLD from node 2, and lets nobody in before that one has left. Node 2 stops.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "10ms", alive_timeout = "20ms", epochs = true,
    election = election.bully { timeout = "5ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "50ms", entries = 1 },
  faults = { when("GRANT", nth(1), crash(coordinator())), at("100ms", recover(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
  settle = "100ms",
}
