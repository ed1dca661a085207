-- Is an election enough to replace a dead coordinator?
--
-- No. Here the plain lock is put on an election that finds the dead and names a successor. But the
-- successor's books are empty: it lets in the next one who asks, while somebody is inside.

return scenario {
  nodes = 4,
  run = mutex.coordinator {
    election = election.bully {
      timeout = "10ms",
      failure_detector = failure_detector.heartbeat { interval = "10ms", timeout = "25ms" },
    },
  },
  links = { latency = "1ms" },
  workload = lock_clients {
    clients = { 0, 1, 2 }, think = uniform("5ms", "100ms"), hold = "80ms", entries = 5,
  },
  faults = { when("GRANT", nth(1), crash(coordinator())) },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
