-- What happens to the others when the holder of the token dies?
--
-- The token dies with it, and the tree falls apart where it was: nobody enters any more.

return scenario {
  nodes = 4,
  run = mutex.raymond {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { when({ indication = "GRANTED" }, nth(3), crash(token_holder())) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
