-- How does a node know that a token is a second copy?
--
-- The token carries its epoch and counts its steps; a node takes only what is higher than all that
-- it has seen. The late copy of the first hand-over, as in token_ring_duplicate, is refused.

return scenario {
  nodes = 4,
  run = mutex.token_ring { fencing = true },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 2, 3 }, think = 0, hold = "5ms", entries = 5 },
  faults = { duplicate("TOKEN", nth(1)), delay("TOKEN", nth(1), "20ms") },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
