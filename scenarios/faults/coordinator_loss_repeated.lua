-- Can the coordinator lock survive the loss of each kind of message?
--
-- One REQUEST, one GRANT and one RELEASE are lost. Who waits asks again after 20 ms: that brings a
-- lost REQUEST, and a lost GRANT once more. A lost RELEASE shows when the next in the queue asks
-- again: the coordinator asks the holder, who answers that it has left.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0, request_timeout = "20ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("REQUEST", nth(1)), drop("GRANT", nth(1)), drop("RELEASE", nth(1)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
