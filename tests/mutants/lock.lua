-- Is a planted bug found? Contended clients; a detour of two hops is never faster than one hop.
local verdicts = { [param("property", "mutual_exclusion")] = param("verdict", "fails") }

return scenario {
  nodes    = 5,
  run      = mutex[param("algorithm", "coordinator")] {},
  links    = { latency = uniform("2ms", "3ms"), fifo = true },
  workload = lock_clients { think = exponential("10ms"), hold = "3ms", entries = 40 },
  expect   = verdicts,
  settle   = "10s",
}
