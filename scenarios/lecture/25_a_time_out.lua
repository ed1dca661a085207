-- How does the coordinator get back what a dead holder cannot release?
--
-- By a time-out. Node 1 dies inside at 12 ms. Node 2 becomes impatient at 20 ms and asks again, and
-- so the coordinator asks node 1 (QUERY): do you live? When node 2 asks once more, node 1 has owed
-- the answer for 10 ms, more than the 5 ms allowed, and is given up: node 2 enters at 32 ms.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "10ms", alive_timeout = "5ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "5ms", entries = 1 },
  faults = { when("GRANT", nth(1), crash(receiver())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
