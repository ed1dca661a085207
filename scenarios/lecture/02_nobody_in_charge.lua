-- How can processes agree on who is next when nobody is in charge?
--
-- The fully distributed method: three nodes ask all others at the same moment, with the same
-- logical time. The node id breaks the tie: 0 enters, then 1, then 2. 2(n-1) messages an entry.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 1 },
  expect = {
    mutual_exclusion = "holds",
    every_request_granted = "holds",
    granted_in_order = "holds",
  },
}
