-- How does a ring get a new token?
--
-- Who has not seen it for longer than a round can take, 30 ms, makes another one: node 0 saw it
-- last at 12 ms, and makes a new one at 42 ms, under a new epoch, so that the old one would be
-- refused if it were found again. Node 1 would have waited twice as long, so that no two make one.

return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "30ms" },
  links = { latency = "1ms" },
  workload = lock_clients { think = "20ms", hold = "5ms", entries = 1 },
  faults = { drop("TOKEN", nth(13)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
