-- How does a client know a GRANT whose sender is no longer the coordinator?
--
-- Each new coordinator begins an epoch and puts its number into its messages. All is as in
-- 33_a_grant_of_the_old_coordinator.lua, but node 0 has answered node 2 in epoch 10 when the GRANT
-- of epoch 7 arrives: it is refused, and node 0 enters when its turn comes.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "10ms", alive_timeout = "20ms", epochs = true,
    election = election.bully { timeout = "5ms" },
  },
  links = { latency = "1ms", link(0, 2, { latency = "2ms" }) }, -- node 1 answers first
  workload = lock_clients { clients = { 0, 1 }, think = "10ms", hold = "50ms", entries = 1 },
  faults = { delay("GRANT", nth(1), "99ms"), when("REQUEST", nth(2), crash(receiver())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
  settle = "100ms",
}
