-- Who gets in after a node has died whose permission all have?
--
-- All: a permission is good until its sender asks itself, which a dead node does not. Where every
-- permission is asked for anew, as in ricart_agrawala_crash, nobody would.

return scenario {
  nodes = 4,
  run = mutex.carvalho_roucairol {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 5 },
  faults = { when({ indication = "GRANTED", node = 0 }, nth(1), crash(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
