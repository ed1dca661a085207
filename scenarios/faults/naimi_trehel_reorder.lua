-- Does Naimi-Trehel need its messages in order?
--
-- No: a REQUEST that overtakes the token finds somebody who waits for it, and waits behind.

return scenario {
  nodes = 6,
  run = mutex.naimi_trehel {},
  links = {
    latency = exponential("2ms"),
    reorder = { probability = "50%", by = uniform("1ms", "20ms") },
  },
  workload = lock_clients { think = exponential("10ms"), hold = "2ms", entries = 100 },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
