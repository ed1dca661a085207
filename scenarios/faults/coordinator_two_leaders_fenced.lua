-- Two nodes take themselves for the leader, and grant: who protects the resource?
--
-- As in coordinator_two_leaders.lua both coordinate, and each grants to itself. But epochs differ
-- even where elections do not know of each other, and so do fencing tokens: the resource accepts
-- node 1, whose epoch is later, and refuses node 2.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    request_timeout = "1ms", alive_timeout = "3ms", epochs = true, fencing = true,
    election = election.bully { timeout = "2ms" },
  },
  links = { latency = "3ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "20ms", hold = "50ms", entries = 1 },
  expect = {
    mutual_exclusion = "fails", fencing_safe = "holds", every_request_granted = "holds",
    one_leader_per_term = "fails",
  },
}
