-- What happens when two clients take the same two locks in opposite order?
--
-- Client 1 takes 1 and then 0, client 2 takes 0 and then 1. Each gets its first at once and waits
-- for the second, which the other holds, for ever. The lock does nothing wrong: mutual exclusion
-- holds, and so does every message.

return scenario {
  nodes = 3,
  resources = 2,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  workload = lock_clients {
    clients = { 1, 2 }, together = 2, think = "10ms", hold = "5ms", entries = 2,
  },
  expect = { mutual_exclusion = "holds", no_deadlock = "fails", every_request_granted = "fails" },
}
