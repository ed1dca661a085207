-- Can the loss of a token be detected without a clock?
--
-- Misra's two tokens: TOKEN is lost, and PONG, coming round a second time, finds that nothing has
-- passed it; PONG is lost, and TOKEN finds it so. Each makes the other anew. A lap takes as long as
-- it takes: no time-out is there to be wrong.

return scenario {
  nodes = 4,
  run = mutex.two_tokens {},
  links = { latency = exponential("3ms"), fifo = true },
  workload = lock_clients { think = exponential("10ms"), hold = "5ms", entries = 20 },
  faults = { drop("TOKEN", nth(20)), drop("PONG", nth(80)), drop("TOKEN", nth(70)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
