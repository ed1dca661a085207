-- How often is a client that is far away overtaken, if all must agree?
--
-- The same distances as in bypass_coordinator.lua. While node 3 waits no other enters more than
-- twice: whoever wants to, must ask node 3, and learns that it asked earlier. The price: everybody
-- waits for the farthest.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {},
  links = {
    latency = "1ms", fifo = true,
    link(3, any(), { latency = "50ms" }), link(any(), 3, { latency = "50ms" }),
  },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "1ms", hold = "2ms", entries = 40 },
  expect = {
    mutual_exclusion = "holds", every_request_granted = "holds", bounded_bypass = "holds",
  },
}
