-- Which side of a partition goes on when the token moves on a tree?
--
-- The side that has it. An edge of the tree is cut; a REQUEST that was to cross it is lost, and not
-- sent again when the network has healed: those behind it wait for ever.

return scenario {
  nodes = 5,
  run = mutex.raymond {},
  links = { latency = "1ms" },
  workload = lock_clients { think = exponential("20ms"), hold = "2ms", entries = 50 },
  faults = { at("200ms", partition({ 0, 2 }, { 1, 3, 4 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
