-- How can the lock be taken from a holder that nobody can reach?
--
-- It is given for a limited time, a lease: holder and coordinator both know when it is over. Node 1
-- asks at 10 ms, its lease ends at 30 ms. The GRANT takes 15 ms more than usual, and node 1 is
-- still inside at 30 ms: LOST, it leaves without having finished, and asks once more.

return scenario {
  nodes = 3,
  late = { 2 },
  run = mutex.coordinator { coordinator = 0, request_timeout = "50ms", lease = "20ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "10ms", entries = 1 },
  faults = { at("15ms", join(2)), delay("GRANT", nth(1), "15ms") },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
