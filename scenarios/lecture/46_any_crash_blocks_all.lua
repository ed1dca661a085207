-- Who gets in after one node has died, if all must be asked?
--
-- Nobody. Node 3 never wanted the lock, and dies at 18 ms. From then on a REPLY is missing in each
-- entry: nodes 0, 1 and 2 wait for ever. Instead of one point of failure there are n.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { at("18ms", crash(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
