-- Does the fully distributed method need messages in the order of sending?
--
-- No, other than Lamport's queues: half of all messages are overtaken, and nobody meets anybody
-- inside, nor is anybody granted out of order. A REPLY says all that has to be known.

return scenario {
  nodes = 6,
  run = mutex.ricart_agrawala {},
  links = {
    latency = exponential("2ms"),
    reorder = { probability = "50%", by = uniform("1ms", "20ms") },
  },
  workload = lock_clients { think = exponential("10ms"), hold = "2ms", entries = 100 },
  expect = {
    mutual_exclusion = "holds", every_request_granted = "holds", granted_in_order = "holds",
    bounded_bypass = "holds",
  },
}
