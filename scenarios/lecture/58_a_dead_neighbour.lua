-- What if the next node in the ring is dead?
--
-- The token is acknowledged (TAKEN). Node 3 dies at 30 ms; node 2 offers it the token at 32, 36 and
-- 40 ms in vain, and at 44 ms hands it to node 0 instead: the ring has closed. At 60 ms node 3 is
-- back and says ALIVE to all, and from then on the token comes by again.

return scenario {
  nodes = 4,
  run = mutex.token_ring { acknowledge = "4ms", retries = 3 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1 }, think = "20ms", hold = "5ms", entries = 3 },
  faults = { at("30ms", crash(3, { lasts = "30ms" })) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
