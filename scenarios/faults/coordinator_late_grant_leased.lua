-- When may a resource be taken from a holder that does not answer?
--
-- When its lease is over, which the holder knows as well. A lease is counted from the moment when
-- its holder asked, not when the GRANT came: the GRANT says when that was. Here it comes when node
-- 2 has been let in already, and node 1 does not enter.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "20ms", lease = "190ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "150ms", entries = 1 },
  faults = {
    delay("GRANT", nth(1), "250ms"),
    when("REQUEST", nth(1), cut(1, 0, { lasts = "300ms" })),
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
