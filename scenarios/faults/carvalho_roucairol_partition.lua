-- Who goes on in a partition where permissions are kept?
--
-- Who has those of the other side, for a while; the others wait. What was lost is not sent again
-- after the network has healed.

return scenario {
  nodes = 5,
  run = mutex.carvalho_roucairol {},
  links = { latency = exponential("1ms") },
  workload = lock_clients { think = exponential("20ms"), hold = "2ms", entries = 50 },
  faults = { at("200ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
