-- What if another holder of the token comes back without its memory?
--
-- Node 1 does not know that it had the token, and believes it beyond its parent, who believes it
-- beyond node 1: each asks the other for it, for ever.

return scenario {
  nodes = 4,
  run = mutex.raymond {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 5 },
  faults = {
    when({ indication = "GRANTED", node = 1 }, nth(1), crash(token_holder(), { lasts = "1ms" })),
  },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
