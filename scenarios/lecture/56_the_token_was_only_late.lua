-- What if the token was not lost, but late?
--
-- The TOKEN from node 1 to node 2 takes 32 ms instead of one. At 42 ms node 0 takes it for lost and
-- makes another one, with which node 1 enters at 43 ms. At 45 ms the old one arrives at node 2, who
-- has not seen the new one yet: two tokens, two inside. Epochs do not help here.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "30ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "20ms", hold = "10ms", entries = 1 },
  faults = { delay("TOKEN", nth(14), "31ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
