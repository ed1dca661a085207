-- What if one of the nodes comes back without its queue?
--
-- Node 0 is inside, node 1 waits behind it, crashes and comes back. It has forgotten the request of
-- node 0, asks again, is acknowledged, finds its own request the first in its queue and enters.

return scenario {
  nodes = 2,
  run = mutex.lamport {},
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { think = "10ms", hold = "30ms", entries = 1 },
  faults = { at("15ms", crash(1, { lasts = "2ms" })) },
  expect = { mutual_exclusion = "fails" },
}
