-- What does one lost message do to the plain coordinator?
--
-- The first RELEASE is lost: the coordinator believes for ever that its holder is inside, and
-- nobody else gets in. Plain algorithms assume that messages arrive.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("RELEASE", nth(1)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
