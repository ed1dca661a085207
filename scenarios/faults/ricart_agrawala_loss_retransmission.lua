-- Does asking again make up for a lost message?
--
-- The same lost REPLY as in ricart_agrawala_loss.lua. After 20 ms without it node 0 asks once more,
-- and everybody gets in.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala { request_timeout = "20ms" },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("REPLY", nth(1)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
