-- How is a token kept over links that lose messages?
--
-- The hand-over is acknowledged, and repeated until it is. First a TOKEN is lost, then a TAKEN: the
-- token that comes a second time is known by its number, refused, and acknowledged once more.

return scenario {
  nodes = 4,
  run = mutex.token_ring { acknowledge = "4ms" },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("TOKEN", nth(13)), drop("TAKEN", nth(14)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
