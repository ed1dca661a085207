-- What happens to those who wait when the coordinator dies?
--
-- It dies while the first client is inside. Who waits, waits for ever: a single point of failure.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { when("GRANT", nth(1), crash(coordinator())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
