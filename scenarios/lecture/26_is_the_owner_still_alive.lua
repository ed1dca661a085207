-- May the lock be taken from a holder that merely takes its time?
--
-- No, and therefore the coordinator asks before it takes. Node 1 stays inside for 50 ms, far longer
-- than the time-out of 5 ms, but answers each QUERY with HOLD: it lives, and keeps the lock. Node 2
-- waits until the RELEASE, and enters at 64 ms.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "10ms", alive_timeout = "5ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "50ms", entries = 1 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
