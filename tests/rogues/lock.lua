-- What does a rogue do when it runs?
return scenario {
  nodes = 3,
  run = mutex[param("algorithm", "coordinator")] {},
  workload = lock_clients { think = "1ms", hold = "1ms", entries = 2 },
  expect = { mutual_exclusion = "holds" },
  settle = "1s",
}
