-- Which side of a partition goes on when there is one token?
--
-- The side that has it. What the other side asks for meanwhile is lost, and not asked for again
-- when the network has healed: those wait for ever.

return scenario {
  nodes = 5,
  run = mutex.suzuki_kasami {},
  links = { latency = "1ms" },
  workload = lock_clients { think = exponential("20ms"), hold = "2ms", entries = 50 },
  faults = { at("200ms", partition({ 0, 1, 2 }, { 3, 4 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
