-- How does the coordinator find out that the holder is dead?
--
-- It asks, as soon as somebody who waits becomes impatient: are you alive, do you hold it? A dead
-- holder does not answer, and after 50 ms the resource is taken from it.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0, request_timeout = "20ms", alive_timeout = "50ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "10ms", hold = "5ms", entries = 2 },
  faults = { when("GRANT", nth(1), crash(receiver())) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
