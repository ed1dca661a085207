-- What happens to those who wait when the coordinator dies?
--
-- It dies when it has let in the first of three. The other two wait for ever, and whoever asks from
-- now on as well: a single point of failure.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 3 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { when("GRANT", nth(1), crash(coordinator())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
