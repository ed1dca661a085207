-- Why do the five philosophers starve?
--
-- Each takes the fork on the right, then the one on the left. All ask at the same moment: each has
-- one fork, and waits for the neighbour's. A cycle of five in the wait-for graph.

return scenario {
  nodes = 5,
  resources = 5,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { together = 2, think = "10ms", hold = "5ms", entries = 1 },
  expect = { mutual_exclusion = "holds", no_deadlock = "fails", every_request_granted = "fails" },
}
