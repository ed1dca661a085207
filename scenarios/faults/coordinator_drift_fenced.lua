-- A clock is slower than anybody thought: who protects the resource?
--
-- The leases of coordinator_drift.lua overlap, but the grants have fencing tokens: the resource has
-- seen that of node 2, and refuses node 1 when that one comes with its own.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    coordinator = 0, request_timeout = "20ms", lease = "1s", fencing = true,
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "1090ms", entries = 1 },
  faults = {
    at("0s", set_drift(1, "-10%"), set_drift(2, "-10%")),
    when("GRANT", nth(1), cut(1, 0, { both = true, lasts = "2s" })),
  },
  expect = { mutual_exclusion = "fails", fencing_safe = "holds", every_request_granted = "holds" },
}
