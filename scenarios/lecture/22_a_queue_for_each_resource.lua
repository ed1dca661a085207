-- Who waits for whom when there are two resources?
--
-- Only those who want the same one: the coordinator has a queue for each resource. At 12 ms node 1
-- enters resource 1 and node 2 resource 0, both at once; node 3, who wants resource 1 as well,
-- waits for node 1 and enters at 19 ms.

return scenario {
  nodes = 4,
  resources = 2,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 1 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
