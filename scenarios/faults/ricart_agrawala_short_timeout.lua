-- What if a failure detector is too impatient?
--
-- Both nodes ask at once; node 0 goes first. While it is inside, its heartbeats to node 1 are 30 ms
-- late. Node 1 waits 15 ms for them, takes node 0 for dead, and enters.

return scenario {
  nodes = 2,
  run = mutex.ricart_agrawala {
    failure_detector = failure_detector.heartbeat { interval = "5ms", timeout = "15ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "40ms", entries = 1 },
  faults = { delay("HEARTBEAT", nth(4, 7), "30ms", { from = 0, to = 1 }) },
  expect = { mutual_exclusion = "fails" },
  duration = "1s",
}
