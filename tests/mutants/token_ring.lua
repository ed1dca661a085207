-- Is a planted bug found in the hardened token ring? Messages are lost, doubled and overtaken,
-- nodes crash for moments and for long, and the time-out is so short that a token is missed while
-- it lives. Fencing is judged where it is not recalled then: there are two holders all the time.
local property = param("property", "mutual_exclusion")
local fencing = property == "fencing_safe"
local verdicts = { mutual_exclusion = fencing and "any" or "holds" }
verdicts[property] = param("verdict", "fails")

return scenario {
  nodes    = 5,
  run      = mutex[param("algorithm", "token_ring")] {
    acknowledge = "12ms", retries = fencing and 2 or 20, silence = "400ms",
    regenerate = "40ms", recall = not fencing, fencing = true,
  },
  links    = {
    latency = uniform("500us", "2ms"), loss = "5%", duplicate = "5%",
    reorder = { probability = "20%", by = uniform("1ms", "3ms") },
  },
  clocks   = { drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients { think = exponential("5ms"), hold = exponential("10ms"), entries = 0 },
  faults   = {
    chaos { crash = { every = exponential("300ms"), down = "60ms" }, until_ = "15s" },
    every("900ms", crash(random_node(), { lasts = "400ms" }), { until_ = "15s" }),
  },
  expect   = verdicts,
  duration = "16s",
  settle   = "30s",
}
