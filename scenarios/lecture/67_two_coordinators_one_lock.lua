-- What do two leaders do to the lock that they coordinate?
--
-- Both grant it. Messages take 3 ms, the election waits 2 ms. Node 2, the coordinator, dies at 9
-- ms; nodes 0 and 1 ask in vain and both lead from 15 ms on. Both ask everybody who is inside, have
-- no answer within 2 ms, and let themselves in at 17 ms. The COORDINATOR of node 1 comes at 18 ms.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    request_timeout = "1ms", alive_timeout = "2ms",
    election = election.bully { timeout = "2ms" },
  },
  links = { latency = "3ms" },
  workload = lock_clients { clients = { 0, 1 }, think = "10ms", hold = "10ms", entries = 1 },
  faults = { at("9ms", crash(2)) },
  settle = "100ms",
  expect = { mutual_exclusion = "fails", fencing_safe = "fails", one_leader_per_term = "fails" },
}
