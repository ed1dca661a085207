-- Who gets in after one of the nodes has died, if all must be asked?
--
-- Nobody: the dead node's REPLY never comes. Plain Ricart-Agrawala has as many points of failure as
-- there are nodes.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 5 },
  faults = { at("30ms", crash(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
