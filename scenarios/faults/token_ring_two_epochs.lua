-- The token is only late: what do epochs do about the two that there are then?
--
-- A lap takes 24 ms, the time-out is 50 ms, but one hand-over from node 1 to node 2 takes 44 ms.
-- Node 0 misses the token and makes another one; node 1 enters with it. Now the old one arrives, at
-- a node that has not seen the new one yet: node 2 enters as well. Two are inside, each with a
-- token that is higher than all that it has seen.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "50ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = 0, hold = "10ms", entries = 3 },
  faults = { delay({ sent = "TOKEN", from = 1, to = 2 }, nth(1), "43ms") },
  expect = { fencing_safe = "fails", mutual_exclusion = "fails", single_token = "fails" },
}
