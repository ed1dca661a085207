-- What does one duplicated message do to the plain fully distributed method?
--
-- All three ask at once: 0 enters, 1 needs the replies of 0 and 2. The reply of 2 arrives twice and
-- is counted twice: 1 enters without having heard from 0, who is still inside.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 1 },
  faults = { duplicate({ sent = "REPLY", from = 2, to = 1 }, nth(1)) },
  expect = { mutual_exclusion = "fails" },
}
