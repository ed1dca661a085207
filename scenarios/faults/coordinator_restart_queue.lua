-- What becomes of those who wait when the coordinator comes back without its memory?
--
-- It dies for 2 ms while the first client is inside and two wait. The queue is lost: who waited
-- waits for ever.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "30ms", entries = 1 },
  faults = { when("GRANT", nth(1), crash(coordinator(), { lasts = "2ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
