-- x
return scenario {
  nodes = 4,
  run = mutex.token_ring { regenerate = "30ms", fencing = true },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "20ms", hold = "10ms", entries = 1 },
  faults = { delay("TOKEN", nth(14), "31ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails", fencing_safe = "holds" },
}
