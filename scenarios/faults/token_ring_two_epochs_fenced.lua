-- How does a resource know which of two tokens is the late one?
--
-- As token_ring_two_epochs, but each grant carries a fencing token. Node 2 enters with the old
-- token while node 1 is inside with the new one. Node 2 has not seen the new one, the resource has.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "50ms", fencing = true },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = 0, hold = "10ms", entries = 3 },
  faults = { delay({ sent = "TOKEN", from = 1, to = 2 }, nth(1), "43ms") },
  expect = { fencing_safe = "holds", mutual_exclusion = "fails", single_token = "fails" },
}
