-- What does a slow clock do to a lease?
--
-- Node 1's clock is slow by 10 %: its lease of one second lasts for 1.11 s. It is cut off when it
-- has entered; the coordinator measures one second by its own clock and grants to node 2, while
-- node 1 is inside in good faith.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "20ms", lease = "1s" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "1090ms", entries = 1 },
  faults = {
    at("0s", set_drift(1, "-10%"), set_drift(2, "-10%")),
    when("GRANT", nth(1), cut(1, 0, { both = true, lasts = "2s" })),
  },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
