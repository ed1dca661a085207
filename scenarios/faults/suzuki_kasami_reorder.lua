-- Does Suzuki-Kasami need its messages in order?
--
-- No: a REQUEST that comes late is known by its number, and forgotten if it was served.

return scenario {
  nodes = 6,
  run = mutex.suzuki_kasami {},
  links = {
    latency = exponential("2ms"),
    reorder = { probability = "50%", by = uniform("1ms", "20ms") },
  },
  workload = lock_clients { think = exponential("10ms"), hold = "2ms", entries = 100 },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
