-- What if the coordinator comes back without its memory?
--
-- It forgets who is inside and who waits. The next request finds the resource free: two are inside.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients {
    clients = { 1, 2, 3 }, think = uniform("5ms", "40ms"), hold = "30ms", entries = 10,
  },
  faults = { when("GRANT", nth(1), crash(coordinator(), { lasts = "2ms" })) },
  expect = { mutual_exclusion = "fails" },
}
