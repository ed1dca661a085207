-- How many runs a second does a sweep do: five nodes, about a thousand records a run?
return scenario {
  nodes = 5,
  run = mutex.coordinator {},
  links = { latency = exponential("2ms") },
  workload = lock_clients { think = exponential("40ms"), hold = "5ms", entries = 26 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
