-- Why do Lamport's queues need messages in the order of sending?
--
-- Both nodes ask at once; node 0 goes first. Its REQUEST to node 1 is slow, and its ACK overtakes
-- it: 1 believes that it knows all earlier requests, finds its own the first in its queue and
-- enters. When the REQUEST arrives, 1 acknowledges it, and 0 enters, too.

return scenario {
  nodes = 2,
  run = mutex.lamport {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "20ms", entries = 1 },
  faults = { delay("REQUEST", nth(1), "5ms", { from = 0, to = 1 }) },
  expect = { mutual_exclusion = "fails" },
}
