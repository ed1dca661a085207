-- How can the resource itself refuse a late holder?
--
-- Every grant carries a number, larger than the one before, and the client shows it with each
-- access. All is as in 29_a_late_holder.lua, and still two are inside. But the resource has seen
-- token 2 of node 2 when node 1 comes with token 1, and refuses it: no harm is done.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    coordinator = 0, request_timeout = "10ms", lease = "20ms", fencing = true,
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "5ms", entries = 1 },
  faults = { when("GRANT", nth(1), pause(receiver(), { lasts = "43ms" })) },
  expect = { mutual_exclusion = "fails", fencing_safe = "holds" },
}
