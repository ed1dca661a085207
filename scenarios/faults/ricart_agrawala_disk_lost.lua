-- What can a node do that has lost even its stable storage?
--
-- Nothing: it cannot know what it has agreed to, so it neither asks nor answers. The same crash as
-- in ricart_agrawala_restart.lua takes the disk with it. All wait for ever, and stay safe.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala { stable_clock = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "20ms", entries = 2 },
  faults = { at("55ms", crash(1, { lasts = "2ms", stable = "lost" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
