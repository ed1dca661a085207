-- What does one entry cost with a coordinator?
--
-- Always three messages: REQUEST, GRANT, RELEASE. Who finds the lock free waits for two of them (2T
-- = 2 ms, the least waiting time); between two holders lie the RELEASE of the one and the GRANT of
-- the other (2T again). Three who ask for ever wait 3 * (5 + 2) - 5 = 16 ms each.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = 0, hold = "5ms", entries = 10 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
