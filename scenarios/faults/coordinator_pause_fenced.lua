-- A holder stood still, and its lease is over: who protects the resource?
--
-- As in coordinator_pause.lua node 1 wakes up inside, believing that it holds the lock. But node 2
-- has come with a larger fencing token since, and the resource refuses node 1.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    coordinator = 0, request_timeout = "20ms", lease = "100ms", fencing = true,
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "10ms", entries = 1 },
  faults = { when("GRANT", nth(1), pause(receiver(), { lasts = "500ms" })) },
  expect = { mutual_exclusion = "fails", fencing_safe = "holds", every_request_granted = "holds" },
}
