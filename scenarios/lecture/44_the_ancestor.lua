-- How did Lamport do it in 1978, before Ricart and Agrawala?
--
-- Every node keeps the whole queue, ordered by (timestamp, id). All others acknowledge a REQUEST at
-- once; it is granted when it is the first in its sender's own queue; who leaves tells all. 3(n-1)
-- = 9 messages for four nodes. Ricart and Agrawala let the ACK wait, and do without the RELEASE.

return scenario {
  nodes = 4,
  run = mutex.lamport {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 10 },
  expect = {
    mutual_exclusion = "holds", every_request_granted = "holds", granted_in_order = "holds",
  },
}
