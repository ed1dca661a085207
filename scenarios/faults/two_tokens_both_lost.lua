-- What do two tokens that watch each other not detect?
--
-- The loss of both at once: each would have been missed by the other.

return scenario {
  nodes = 4,
  run = mutex.two_tokens {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("TOKEN", nth(6)), drop("PONG", nth(6)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
