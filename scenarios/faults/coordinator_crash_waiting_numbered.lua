-- How is the request of a client that died told from the one that it makes when it is back?
--
-- Node 2 dies in the queue and is back 2 ms later. It counts its requests in stable storage: the
-- new one has a larger number and takes the place of the old one in the queue.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0, request_timeout = "50ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "30ms", entries = 3 },
  faults = { at("20ms", crash(2, { lasts = "2ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
