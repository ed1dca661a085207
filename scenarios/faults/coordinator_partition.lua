-- Can both sides of a partition have a coordinator?
--
-- Yes: nodes 0 and 1 miss node 4 and elect node 1; nodes 2, 3 and 4 go on with node 4. Node 1 asks
-- everybody, gives up the three that do not answer, and grants to node 0, while node 3 is inside.

return scenario {
  nodes = 5,
  run = mutex.coordinator {
    request_timeout = "20ms", alive_timeout = "100ms", epochs = true,
    election = election.bully { timeout = "10ms" },
  },
  links = { latency = "1ms", link(3, 4, { latency = "500us" }) }, -- node 3 is first
  workload = lock_clients { clients = { 0, 3 }, think = "10ms", hold = "500ms", entries = 1 },
  faults = { at("50ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "1s" })) },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
