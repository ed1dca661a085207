-- What if the holder never gives the lock back?
--
-- Node 1 dies inside. No RELEASE will ever come, and the coordinator waits for it as patiently as
-- nodes 2 and 3 wait for their GRANT: for ever. One process that fails stops all others.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 1 },
  faults = { when("GRANT", nth(1), crash(receiver())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
