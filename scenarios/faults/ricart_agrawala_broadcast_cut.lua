-- What if a node dies in the middle of asking everybody?
--
-- Node 0 dies behind the second of its four requests. Nodes 1 and 2 have heard it, 3 and 4 have
-- not; all others wait for its reply from then on.

return scenario {
  nodes = 5,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { think = exponential("20ms"), hold = "2ms", entries = 5 },
  faults = { at("1ms", crash(0, { after_sends = 2 })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
