-- Do permissions that are kept need their messages in order?
--
-- No: a REQUEST that overtakes the permission sent before it finds that it is not there yet, and
-- waits.

return scenario {
  nodes = 6,
  run = mutex.carvalho_roucairol {},
  links = {
    latency = exponential("2ms"),
    reorder = { probability = "50%", by = uniform("1ms", "20ms") },
  },
  workload = lock_clients { think = exponential("10ms"), hold = "2ms", entries = 100 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
