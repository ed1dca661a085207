-- What if a client dies while it waits, comes back and asks again?
--
-- Node 2 dies in the queue and is back 2 ms later with a new request. The plain coordinator has
-- both in its queue: one of the two GRANTs finds a client who does not wait for it. Its RELEASE
-- never comes, and nobody gets in any more.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "30ms", entries = 3 },
  faults = { at("20ms", crash(2, { lasts = "2ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
