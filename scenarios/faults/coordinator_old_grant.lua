-- What can a GRANT do whose sender is dead since?
--
-- The GRANT for node 0 is on its way for half a second. Meanwhile its sender, node 3, dies; node 2
-- is elected, asks everybody, hears that nodes 1 and 0 wait and nobody is inside, and grants to
-- node 1. Then the old GRANT arrives at node 0, who still waits with the same request: two holders.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "20ms", alive_timeout = "60ms", epochs = false,
    election = election.bully { timeout = "10ms" },
  },
  links = { latency = "1ms", link(0, 2, { latency = "2ms" }) }, -- node 1 answers first
  workload = lock_clients { clients = { 0, 1 }, think = "10ms", hold = "1s", entries = 1 },
  faults = {
    delay("GRANT", nth(1), "500ms"),
    when("REQUEST", nth(2), crash(receiver())),
  },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
