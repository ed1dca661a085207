-- What does a token ring cost when nobody wants to enter?
--
-- One message every T, for ever. A single client asks once, after a second: by then the token has
-- been handed on 1000 times, all for one entry. A coordinator would have sent three messages.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 2 }, think = "1s", hold = "5ms", entries = 1 },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
