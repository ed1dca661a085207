-- What if the old coordinator comes back while the new one has granted?
--
-- Node 3 dies; node 2 takes over and grants. Then node 3 is back: the highest id takes over again
-- (the bully), asks everybody in a new epoch, and learns who is inside. Node 2 stops.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "20ms", alive_timeout = "60ms", epochs = true, fencing = true,
    election = election.bully { timeout = "10ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "150ms", entries = 3 },
  faults = { at("100ms", crash(3, { lasts = "400ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds", fencing_safe = "holds" },
}
