-- Who gets in after one of the nodes has died, if all keep the queue?
--
-- Nobody: the dead node acknowledges nothing.

return scenario {
  nodes = 4,
  run = mutex.lamport {},
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 5 },
  faults = { at("30ms", crash(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
