-- Does the coordinator need its messages in order?
--
-- No: half of all messages are overtaken, and still nobody meets anybody inside.

return scenario {
  nodes = 6,
  run = mutex.coordinator { coordinator = 0 },
  links = {
    latency = exponential("2ms"),
    reorder = { probability = "50%", by = uniform("1ms", "20ms") },
  },
  workload = lock_clients { think = exponential("10ms"), hold = "2ms", entries = 100 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
