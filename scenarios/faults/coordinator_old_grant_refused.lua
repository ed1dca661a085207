-- How does a client know a GRANT whose sender does not coordinate any more?
--
-- As in coordinator_old_grant.lua, but with epochs: node 0 has answered node 2 in the new epoch,
-- and refuses the GRANT of the old one when it arrives at last.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "20ms", alive_timeout = "60ms", epochs = true,
    election = election.bully { timeout = "10ms" },
  },
  links = { latency = "1ms", link(0, 2, { latency = "2ms" }) }, -- node 1 answers first
  workload = lock_clients { clients = { 0, 1 }, think = "10ms", hold = "1s", entries = 1 },
  faults = {
    delay("GRANT", nth(1), "500ms"),
    when("REQUEST", nth(2), crash(receiver())),
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
