-- What does a sweep say of two locks whose messages may be lost?
--
-- With `loss`, some requests are never granted: those runs are not as expected, and the report
-- groups them.

return scenario {
  nodes = 4,
  run = mutex[param("algorithm", "coordinator")] {},
  links = { latency = "2ms", loss = param("loss", "0%") },
  workload = lock_clients { think = exponential("50ms"), hold = "5ms", entries = 10 },
  expect = { every_request_granted = "holds" },
  settle = "10s",
}
