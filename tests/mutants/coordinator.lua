-- Is a bug in the hardening of the coordinator lock found? Everything goes wrong, all the time.
--
-- Judged by fencing_safe: who does not answer for 5 ms is given up, so that two are inside at once
-- all the time. Judged by the others: leases, so that they never are.
local property = param("property", "mutual_exclusion")
local fenced = property == "fencing_safe"
local verdicts = { mutual_exclusion = "any", [property] = param("verdict", "fails") }

return scenario {
  nodes    = 6,
  run      = mutex[param("algorithm", "coordinator")] {
    request_timeout = "10ms", alive_timeout = fenced and "5ms" or "0s",
    lease = fenced and "0s" or "60ms", drift = "200ppm", fencing = true, epochs = true,
    election = election.bully {
      timeout = "15ms", terms = true, patience = "80ms", contest = true, announce_every = "100ms",
    },
  },
  links    = {
    latency = uniform("1ms", "5ms"), loss = "5%", duplicate = "5%",
    reorder = { probability = "20%", by = exponential("40ms") },
  },
  clocks   = { drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients { think = exponential("10ms"), hold = exponential("8ms"), entries = 200 },
  faults   = {
    chaos { crash = { every = exponential("100ms"), down = "30ms" }, until_ = "12s" },
    at("13s", crash(coordinator())), -- for good
  },
  expect   = verdicts,
  duration = "20s",
}
