-- Does a ring close around a dead node, and open for it again?
--
-- Node 3 is dead for 100 ms. Node 2 offers it the token three times, then hands it to node 0, and
-- does so at once from then on. Back again, node 3 says ALIVE: it has its place and its entries.

return scenario {
  nodes = 4,
  run = mutex.token_ring { acknowledge = "4ms", retries = 3 },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 20 },
  faults = { at("30ms", crash(3, { lasts = "100ms" })) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
