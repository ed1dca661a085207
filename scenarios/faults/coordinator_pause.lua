-- Does a lease help against a holder that stands still?
--
-- Node 1 is stopped for half a second just when it has entered (a garbage collector, a debugger, a
-- suspended machine). Its lease ends while it cannot look at the clock; node 2 is let in; node 1 is
-- inside all the time, and goes on when it wakes up.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "20ms", lease = "100ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "10ms", entries = 1 },
  faults = { when("GRANT", nth(1), pause(receiver(), { lasts = "500ms" })) },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
