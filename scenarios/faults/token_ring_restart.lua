-- What if a node of the ring comes back without its memory?
--
-- All is as it was: a node remembers nothing between two visits of the token but that its client
-- waits. Node 3 is away while the token is at node 1.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 5 },
  faults = {
    when({ indication = "GRANTED", node = 1 }, nth(2), crash(3, { lasts = "2ms" })),
  },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
