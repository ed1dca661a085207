-- Is a planted bug found in a lock that is to live with everything? Messages are lost, doubled and
-- overtake each other; nodes crash, for moments and for long, one for good.
local verdicts = {
  bounded_bypass = "any", granted_in_order = "any",
  [param("property", "mutual_exclusion")] = param("verdict", "fails"),
}

return scenario {
  nodes    = 5,
  run      = mutex[param("algorithm", "ricart_agrawala")] {
    request_timeout = "10ms", stable_clock = true, rejoin_after = "130ms",
    failure_detector = failure_detector.heartbeat { interval = "5ms", timeout = "100ms" },
  },
  links    = {
    latency = uniform("0ms", "2ms"), loss = "5%", duplicate = "5%",
    reorder = { probability = "20%", by = uniform("0ms", "20ms") },
  },
  clocks   = { drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients { think = exponential("5ms"), hold = exponential("40ms"), entries = 0 },
  faults   = {
    chaos { crash = { every = exponential("200ms"), down = "10ms" }, until_ = "15s" },
    every("300ms", crash(random_node(), { lasts = "200ms" }), { until_ = "15s" }),
    at("16s", crash(4)),
  },
  expect   = verdicts,
  duration = "20s",
  settle   = "10s",
}
