-- How patient must a failure detector be?
--
-- More than two heartbeats can be apart: the interval plus the greatest difference of two delays.
-- The same late heartbeats as in ricart_agrawala_short_timeout.lua: 35 ms of silence. Node 1 waits
-- 50 ms for them.

return scenario {
  nodes = 2,
  run = mutex.ricart_agrawala {
    failure_detector = failure_detector.heartbeat { interval = "5ms", timeout = "50ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "40ms", entries = 1 },
  faults = { delay("HEARTBEAT", nth(4, 7), "30ms", { from = 0, to = 1 }) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
  duration = "1s",
}
