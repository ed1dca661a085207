-- Can either side of a partition go on with the plain token ring?
--
-- No: the token is lost where it crosses, and does not come back when the network has healed.

return scenario {
  nodes = 5,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 30 },
  faults = { at("100ms", partition({ 0, 1 }, { 2, 3, 4 }, { lasts = "500ms" })) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
