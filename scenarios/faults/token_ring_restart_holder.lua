-- What if the holder of the token comes back without its memory?
--
-- It does not know that it had the token. Nobody has it, and nobody enters any more, the node that
-- came back least of all.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 5 },
  faults = {
    when({ indication = "GRANTED", node = 1 }, nth(2), crash(token_holder(), { lasts = "2ms" })),
  },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
