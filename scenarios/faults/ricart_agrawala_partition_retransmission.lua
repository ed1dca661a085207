-- Does the fully distributed method recover from a partition?
--
-- The same partition as in ricart_agrawala_partition.lua. Both sides stand still until it heals;
-- then who lacks a REPLY asks again, and all get in.

return scenario {
  nodes = 5,
  run = mutex.ricart_agrawala { request_timeout = "20ms" },
  links = { latency = exponential("1ms") },
  workload = lock_clients { think = exponential("20ms"), hold = "2ms", entries = 50 },
  faults = { at("200ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
