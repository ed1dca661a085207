-- Can a side of a partition go on when it has a quorum?
--
-- Who has its whole quorum on its own side can: node 0 with 0, 1, 2, 3 and 6 goes on in a grid of
-- nine. The smaller side has no quorum and waits; what it asked for is lost, and not asked for
-- again when the network has healed.

return scenario {
  nodes = 9,
  run = mutex.maekawa {},
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { clients = { 0, 8 }, think = "10ms", hold = "5ms", entries = 30 },
  faults = { at("98ms", partition({ 0, 1, 2, 3, 6 }, { 4, 5, 7, 8 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
