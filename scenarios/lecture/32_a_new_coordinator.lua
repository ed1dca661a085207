-- How does another node take the place of a dead coordinator?
--
-- Node 3 dies when it has let in node 0. Nodes 1 and 2 ask in vain three times and elect node 2. It
-- knows nothing, so it asks everybody (QUERY): node 0 says HOLD, node 1 REQUEST, and so the books
-- are there again. Node 3 owes its answer for 20 ms and is given up. Then all goes on.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    request_timeout = "10ms", alive_timeout = "20ms", epochs = true,
    election = election.bully { timeout = "5ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "50ms", entries = 1 },
  faults = { when("GRANT", nth(1), crash(coordinator())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
  settle = "100ms",
}
