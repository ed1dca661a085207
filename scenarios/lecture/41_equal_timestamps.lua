-- Who is first when all ask at the same moment?
--
-- All three REQUESTs carry timestamp 1, and no clock can tell them apart: the node id decides. Node
-- 0 enters, then 1, then 2. Who is asked and goes first itself defers its REPLY until it leaves, so
-- that a single message, T = 1 ms, lies between two holders.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 1 },
  expect = {
    mutual_exclusion = "holds", every_request_granted = "holds", granted_in_order = "holds",
  },
}
