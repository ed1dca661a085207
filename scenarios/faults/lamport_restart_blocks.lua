-- Is a short absence of a node that wants nothing without harm to Lamport's queues?
--
-- No: node 2 is away for two milliseconds, in which the REQUESTs of the others come. It never
-- acknowledges them, and nobody gets in.

return scenario {
  nodes = 3,
  run = mutex.lamport {},
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { clients = { 0, 1 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { at("10500us", crash(2, { lasts = "2ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
