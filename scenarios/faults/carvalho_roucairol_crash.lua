-- Who gets in after a node has died before it could give its permission?
--
-- Nobody: all ask it in vain.

return scenario {
  nodes = 4,
  run = mutex.carvalho_roucairol {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 1, 2 }, think = "10ms", hold = "5ms", entries = 5 },
  faults = { at("5ms", crash(3)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
