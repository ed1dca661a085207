-- What does too short a time-out of the election do to the lock above it?
--
-- A message takes 3 ms, the election waits 2 ms for an answer. Node 1 misses the coordinator, node
-- 2, and has declared itself the leader before node 2 could say that it lives. Both coordinate, and
-- each grants to itself.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    request_timeout = "1ms", alive_timeout = "3ms",
    election = election.bully { timeout = "2ms" },
  },
  links = { latency = "3ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "20ms", hold = "50ms", entries = 1 },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails", one_leader_per_term = "fails" },
}
