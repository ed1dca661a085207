-- What if the token is lost?
--
-- The TOKEN that node 0 sends at 12 ms does not arrive. Nobody has it, nobody can enter, and nobody
-- notices: a token that does not come looks like one that is in use elsewhere.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "20ms", hold = "5ms", entries = 1 },
  faults = { drop("TOKEN", nth(13)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
