-- Do two tokens that watch each other need their messages in order?
--
-- Yes. The fourth hand-over is slow, and PONG overtakes it on the link. It comes round a second
-- time before the token has arrived: node 0 takes the token for lost and makes another one. Two are
-- inside. The plain ring, with nothing to overtake, needs no order.

return scenario {
  nodes = 4,
  run = mutex.two_tokens {},
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 5 },
  faults = { delay("TOKEN", nth(4), "33ms") },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
