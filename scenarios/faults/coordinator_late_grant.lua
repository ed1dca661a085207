-- May a resource be taken from a holder that does not answer?
--
-- The GRANT for node 1 is slow, and nothing that node 1 sends arrives for a while. The coordinator
-- asks, hears nothing for 100 ms, takes node 1 for dead, and grants to node 2. Then the GRANT
-- arrives at node 1, who is alive: two holders.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "20ms", alive_timeout = "100ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "150ms", entries = 1 },
  faults = {
    delay("GRANT", nth(1), "200ms"),
    when("REQUEST", nth(1), cut(1, 0, { lasts = "300ms" })),
  },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
