-- Is a token lost because a fast clock says so? Ask first.
--
-- As token_ring_drift, but node 0 recalls the old token: all nodes give it up before there is a new
-- one, node 3 as soon as its client has left. A time-out that is too short costs messages, no more.

return scenario {
  nodes = 4,
  run = mutex.token_ring { acknowledge = "4ms", regenerate = "25ms", recall = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 20 },
  faults = { at("100ms", set_drift(0, "50%")) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
