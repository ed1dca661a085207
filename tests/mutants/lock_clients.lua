-- Is a bug in the clients found? They take several locks each, the lowest first.
--
-- Where they are wrong, they wait for ever.
local verdict = param("verdict", "fails")
local verdicts = { every_request_granted = verdict, [param("property", "no_deadlock")] = verdict }

return scenario {
  nodes     = 6,
  resources = 4,
  run       = mutex.coordinator {},
  links     = { latency = uniform("2ms", "3ms") },
  workload  = lock_clients {
    together = 2, ordered = true, pick = "random",
    think = exponential("10ms"), hold = "3ms", entries = 40,
  },
  expect    = verdicts,
  settle    = "10s",
}
