-- The token is only late: what do epochs do about the two that there are then?
--
-- The hand-over from node 1 to node 2 takes 100 ms. Node 0 misses the token and makes another one;
-- node 1 enters with it. Now the old one arrives, at a node that has not seen the new one yet: node
-- 2 enters as well. Two are inside, each with a token that is higher than all that it has seen.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "60ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = 0, hold = "30ms", entries = 3 },
  faults = { delay({ sent = "TOKEN", from = 1, to = 2 }, nth(2), "100ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
