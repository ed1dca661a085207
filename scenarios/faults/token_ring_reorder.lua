-- Does the token ring need its messages in order?
--
-- No: there is but one message under way, and nothing that it could overtake.

return scenario {
  nodes = 6,
  run = mutex.token_ring {},
  links = {
    latency = exponential("2ms"),
    reorder = { probability = "50%", by = uniform("1ms", "20ms") },
  },
  workload = lock_clients { think = exponential("10ms"), hold = "2ms", entries = 100 },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
