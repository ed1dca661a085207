-- Can the others go on when the holder of the token is dead for good?
--
-- Node 0 misses the token and makes another one; node 1 offers it to the dead node 2 in vain and
-- skips it from then on. What the dead node held was of an old epoch.

return scenario {
  nodes = 4,
  run = mutex.token_ring { acknowledge = "4ms", retries = 3, regenerate = "80ms" },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 3 },
  faults = { when({ indication = "GRANTED", node = 2 }, nth(1), crash(token_holder())) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
