-- What if the root of the tree comes back without its memory?
--
-- It believes that all begins, and that it has the token. Node 1 has it. The token is doubled, and
-- two are inside. Node 2 has asked it before, and waits for an answer that it has forgotten.

return scenario {
  nodes = 4,
  run = mutex.raymond {},
  links = { latency = "1ms" },
  workload = lock_clients { think = uniform("1ms", "5ms"), hold = "20ms", entries = 10 },
  faults = {
    when({ indication = "GRANTED", node = 1 }, nth(1), crash(0, { lasts = "1ms" })),
  },
  expect = { mutual_exclusion = "fails", single_token = "fails", every_request_granted = "fails" },
}
