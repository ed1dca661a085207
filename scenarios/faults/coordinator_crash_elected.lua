-- Does the lock survive the death of its coordinator while one is inside and others wait?
--
-- Node 3 dies when it has granted to node 0. The others ask in vain three times, then hold an
-- election; node 2 becomes the coordinator, asks everybody (HOLD, REQUEST, REQUEST) and so gets
-- holder and queue together again. Node 3 does not answer, and is given up after 60 ms.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "20ms", alive_timeout = "60ms", epochs = true,
    election = election.bully { timeout = "10ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "200ms", entries = 2 },
  faults = { when("GRANT", nth(1), crash(coordinator())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
