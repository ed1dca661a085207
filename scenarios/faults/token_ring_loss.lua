-- What does one lost message do to the plain token ring?
--
-- A hand-over is lost, and with it the token: nobody enters any more. Nobody even notices,
-- since the plain ring is silent where there is no token.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("TOKEN", nth(13)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
