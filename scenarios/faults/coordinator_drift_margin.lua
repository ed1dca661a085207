-- How much more patient must a coordinator be, so that slow clocks do not matter?
--
-- The clocks of node 1 and of the coordinator are slow and fast by 10 %. The coordinator knows that
-- they may be, and waits for 1 + 3 * 10 % of the lease: that is at least (1 + 10 %) / (1 - 10 %),
-- the most by which it can measure too short.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    coordinator = 0, request_timeout = "20ms", lease = "1s", drift = "10%",
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "1090ms", entries = 1 },
  faults = {
    at("0s", set_drift(1, "-10%"), set_drift(2, "-10%"), set_drift(0, "10%")),
    when("GRANT", nth(1), cut(1, 0, { both = true, lasts = "2s" })),
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
