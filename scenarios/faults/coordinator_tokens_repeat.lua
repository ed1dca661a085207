-- Are fencing tokens safe if the coordinator counts its grants, and nothing else?
--
-- Not when it forgets. Node 1 is inside with token 1 and cannot answer; the coordinator dies, comes
-- back without its memory, gives node 1 up after 50 ms and grants to node 2, with token 1 again.
-- The resource cannot tell them apart.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    coordinator = 0, request_timeout = "20ms", alive_timeout = "50ms", fencing = true,
    epochs = false,
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "300ms", entries = 1 },
  faults = {
    when("GRANT", nth(1), crash(coordinator(), { lasts = "2ms" })),
    when("GRANT", nth(1), cut(1, 0, { lasts = "400ms" })),
  },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
