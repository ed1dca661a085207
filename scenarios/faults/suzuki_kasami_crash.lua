-- What happens to the others when the holder of the token dies?
--
-- All have heard all requests, but nobody may make another token: nobody enters any more.

return scenario {
  nodes = 4,
  run = mutex.suzuki_kasami {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { when({ indication = "GRANTED" }, nth(3), crash(token_holder())) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
