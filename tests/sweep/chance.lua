-- What if the file itself throws dice, and its functions remember?
local seen = 0
on("GRANT", function() seen = seen + 1; if seen == 4 then crash(0) end end)
return scenario {
  nodes = math.random(3, 6),
  run = mutex.coordinator { coordinator = 1 },
  links = { latency = "1ms" },
  workload = lock_clients { think = "3ms", hold = "1ms", entries = 4 },
  expect = { mutual_exclusion = "any", every_request_granted = "any" },
  duration = "10s",
}
