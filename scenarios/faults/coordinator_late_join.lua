-- What if a node joins late that by its id should have been the coordinator all the time?
--
-- Node 3 is not there at first: the others miss it and elect node 2. It joins at 300 ms, takes
-- itself for the leader and asks everybody in a new epoch, while node 2 is inside. Node 2 sees that
-- others coordinate, stops, and holds an election, which node 3 wins.

return scenario {
  nodes = 4,
  late = { 3 },
  run = mutex.coordinator {
    request_timeout = "20ms", alive_timeout = "60ms", epochs = true, fencing = true,
    election = election.bully { timeout = "10ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "40ms", entries = 4 },
  faults = { at("300ms", join(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds", fencing_safe = "holds" },
}
