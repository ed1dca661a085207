-- How does a ring come to a new token when the old one is lost?
--
-- A hand-over is lost. Node 0 has not seen the token for 50 ms, more than a lap with all
-- sections takes, and makes another one under a new epoch. Node 1 would have waited twice as long.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "50ms" },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("TOKEN", nth(13)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
