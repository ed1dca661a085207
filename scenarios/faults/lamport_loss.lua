-- What does one lost message do to Lamport's queues?
--
-- The first ACK is lost: its requester waits for it for ever, and its request stays the first in
-- all queues. In the end nobody gets in.

return scenario {
  nodes = 4,
  run = mutex.lamport {},
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("ACK", nth(1)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
