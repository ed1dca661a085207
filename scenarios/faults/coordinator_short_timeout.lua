-- What if the coordinator does not wait long enough for an answer?
--
-- A round trip takes 20 ms, and who has not said after 10 ms that it is alive is given up. The
-- holder is alive, and loses the resource while it is inside.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "15ms", alive_timeout = "10ms" },
  links = { latency = "10ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "100ms", entries = 3 },
  expect = { mutual_exclusion = "fails", fencing_safe = "fails" },
}
