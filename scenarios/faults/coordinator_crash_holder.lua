-- What happens to those who wait when the holder dies inside?
--
-- The first client dies as it enters. Its RELEASE never comes: the plain coordinator waits for it
-- for ever, and all others with it.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { when("GRANT", nth(1), crash(receiver())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
