-- How often is a client that is far away overtaken, if the coordinator serves who comes first?
--
-- Node 3 is 50 ms away from all others, which are 1 ms apart. While its REQUEST is on its way to
-- the coordinator, the others enter again and again: fair is only the queue, not the way to it.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = {
    latency = "1ms", fifo = true,
    link(3, any(), { latency = "50ms" }), link(any(), 3, { latency = "50ms" }),
  },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "1ms", hold = "2ms", entries = 40 },
  expect = {
    mutual_exclusion = "holds", every_request_granted = "holds", bounded_bypass = "fails",
  },
}
