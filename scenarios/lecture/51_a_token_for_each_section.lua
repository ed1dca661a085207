-- How can a lock do without asking anybody?
--
-- A token goes round a ring, from node 0 to 1, 2, 3 and back: who has it may enter. There is one
-- token for each critical section. Both are on their way all the time; at 10 ms all ask, and at
-- once one node is inside with the token of section 0 and another one with that of section 1.

return scenario {
  nodes = 4,
  resources = 2,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 1 },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
