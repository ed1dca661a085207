-- Who helps when there are two tokens?
--
-- Again the resource itself. All is as in 56_the_token_was_only_late.lua, but each grant carries
-- epoch * 2^32 + steps of the token. Node 1 came with epoch 8; node 2, who comes with epoch 4 after
-- it, is refused.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "30ms", fencing = true },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "20ms", hold = "10ms", entries = 1 },
  faults = { delay("TOKEN", nth(14), "31ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails", fencing_safe = "holds" },
}
