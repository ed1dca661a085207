-- How does one tell a REPLY from its copy?
--
-- The same duplicated REPLY as in ricart_agrawala_duplicate.lua. With the echo each node's REPLY to
-- a request counts once: node 1 waits for node 0.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala { echo = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 1 },
  faults = { duplicate({ sent = "REPLY", from = 2, to = 1 }, nth(1)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
