-- What does one duplicated message do to the plain coordinator?
--
-- The first RELEASE arrives twice: the first copy lets the second client in, the second copy the
-- third client, while the second is still inside.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 1 },
  faults = { duplicate("RELEASE", nth(1)) },
  expect = { mutual_exclusion = "fails" },
}
