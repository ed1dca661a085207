-- Is a failure detector a remedy for a partition?
--
-- No, it makes it dangerous: who is cut off cannot be told from who is dead. Nodes 0 and 1 are cut
-- off from 2 and 3. After 50 ms each side takes the other for dead; when all ask at 80 ms, each
-- side asks itself, and nodes 0 and 2 enter. Without the detector both sides wait until it is
-- over, and are safe: ricart_agrawala_partition_retransmission.lua.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {
    request_timeout = "20ms",
    failure_detector = failure_detector.heartbeat { interval = "10ms", timeout = "50ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "80ms", hold = "20ms", entries = 2 },
  faults = { at("5ms", partition({ 0, 1 }, { 2, 3 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "fails", every_request_granted = "holds" },
  duration = "2s",
}
