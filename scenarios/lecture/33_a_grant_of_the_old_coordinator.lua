-- What can a GRANT do whose sender is dead?
--
-- Node 3 grants to node 0 and dies; the GRANT is on its way for 100 ms. Meanwhile node 2 is
-- elected, hears from nodes 1 and 0 that they wait and from nobody that he is inside, and grants to
-- node 1. At 111 ms the old GRANT arrives at node 0, who still waits: two are inside.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "10ms", alive_timeout = "20ms", epochs = false,
    election = election.bully { timeout = "5ms" },
  },
  links = { latency = "1ms", link(0, 2, { latency = "2ms" }) }, -- node 1 answers first
  workload = lock_clients { clients = { 0, 1 }, think = "10ms", hold = "50ms", entries = 1 },
  faults = { delay("GRANT", nth(1), "99ms"), when("REQUEST", nth(2), crash(receiver())) },
  expect = { mutual_exclusion = "fails" },
  settle = "100ms",
}
