-- Two coordinators grant one lock: who protects the resource?
--
-- The resource itself. As in coordinator_partition.lua two are inside, but each grant has a fencing
-- token, larger in each new epoch. The resource has seen that of node 0 and refuses node 3.

return scenario {
  nodes = 5,
  run = mutex.coordinator {
    request_timeout = "20ms", alive_timeout = "100ms", epochs = true, fencing = true,
    election = election.bully { timeout = "10ms" },
  },
  links = { latency = "1ms", link(3, 4, { latency = "500us" }) }, -- node 3 is first
  workload = lock_clients { clients = { 0, 3 }, think = "10ms", hold = "500ms", entries = 1 },
  faults = { at("50ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "1s" })) },
  expect = { mutual_exclusion = "fails", fencing_safe = "holds", every_request_granted = "holds" },
}
