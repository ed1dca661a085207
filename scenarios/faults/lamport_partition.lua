-- Can either side of a partition go on with Lamport's queues?
--
-- No: both sides wait for acknowledgements from the other. It is safe, and it stands still; what
-- was lost meanwhile is not sent again after the network has healed.

return scenario {
  nodes = 5,
  run = mutex.lamport {},
  links = { latency = exponential("1ms"), fifo = true },
  workload = lock_clients { think = exponential("20ms"), hold = "2ms", entries = 50 },
  faults = { at("200ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
