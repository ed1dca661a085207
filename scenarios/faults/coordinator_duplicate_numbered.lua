-- How does the coordinator lock tell a duplicated message from a new one?
--
-- Every message arrives twice, the copies at different times. Requests are numbered, GRANT and
-- RELEASE say which one they are about: a RELEASE of an earlier request frees nothing, a GRANT that
-- its receiver does not wait for is answered with a RELEASE.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0, request_timeout = "50ms" },
  links = { latency = uniform("1ms", "20ms"), duplicate = "100%" },
  workload = lock_clients { clients = { 1, 2, 3 }, think = "1ms", hold = "5ms", entries = 20 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
