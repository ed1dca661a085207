-- Who waits when a voter is dead?
--
-- With node 6 dead those whose quorum it belongs to: 3, 5 and 6. Nodes 1, 2 and 4 go on, until node
-- 5 asks: it waits for ever, with votes that the others need.

return scenario {
  nodes = 7,
  run = mutex.maekawa { plane = true },
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { clients = { 1, 2, 4, 5 }, think = "10ms", hold = "5ms", entries = 5 },
  faults = { at("30ms", crash(6)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
