-- What does one lost message do to a token that is sent on request?
--
-- The first TOKEN is lost, with all that it knew: who waits is in its queue. Nobody enters any
-- more.

return scenario {
  nodes = 4,
  run = mutex.suzuki_kasami {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("TOKEN", nth(1)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
