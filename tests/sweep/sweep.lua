-- How long does a client wait for a lock, if more nodes want it and messages get lost?
return scenario {
  nodes = param("nodes", 5),
  run = mutex[param("algorithm", "coordinator")] {},
  links = { latency = exponential("2ms"), loss = param("loss", "0%") },
  workload = lock_clients {
    think = exponential("40ms"), hold = "5ms", entries = param("entries", 10),
  },
  expect = { mutual_exclusion = "any", every_request_granted = "any" },
}
