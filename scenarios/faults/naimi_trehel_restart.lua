-- What if the first holder of the token comes back without its memory?
--
-- Node 0 believes that all begins: that it has the token, and that it was the last to ask. Node 1
-- has it. The token is doubled, and two are inside.

return scenario {
  nodes = 4,
  run = mutex.naimi_trehel {},
  links = { latency = "1ms" },
  workload = lock_clients { think = uniform("1ms", "5ms"), hold = "20ms", entries = 10 },
  faults = {
    when({ indication = "GRANTED", node = 1 }, nth(1), crash(0, { lasts = "1ms" })),
  },
  expect = { mutual_exclusion = "fails", single_token = "fails" },
}
