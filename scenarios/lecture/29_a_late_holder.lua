-- Is a lease enough to keep two from being inside?
--
-- Not where a process can be stopped. Node 1 enters and stands still for 43 ms (a garbage
-- collector, a suspended laptop). Its lease ends, node 2 enters at 52 ms; node 1 wakes up at 55 ms,
-- is still inside, and does its last write before it looks at the clock.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "10ms", lease = "20ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "5ms", entries = 1 },
  faults = { when("GRANT", nth(1), pause(receiver(), { lasts = "43ms" })) },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
