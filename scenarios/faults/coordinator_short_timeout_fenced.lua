-- The time-out is too short: who protects the resource?
--
-- As in coordinator_short_timeout.lua holders lose the resource while they are inside. But whoever
-- is let in after them has a larger fencing token: from then on the resource refuses the others.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    coordinator = 0, request_timeout = "15ms", alive_timeout = "10ms", fencing = true,
  },
  links = { latency = "10ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "100ms", entries = 3 },
  expect = { mutual_exclusion = "fails", fencing_safe = "holds", every_request_granted = "holds" },
}
