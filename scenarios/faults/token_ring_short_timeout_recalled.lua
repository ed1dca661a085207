-- Can a time-out that is shorter than a lap do without harm?
--
-- As token_ring_short_timeout, but who misses the token recalls it first. It is recalled again and
-- again, and still goes on from node 0: nobody meets anybody inside.

return scenario {
  nodes = 4,
  run = mutex.token_ring { acknowledge = "4ms", regenerate = "12ms", recall = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 5 },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
