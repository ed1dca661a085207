-- What if the holder of the token does not die, but sleeps?
--
-- Node 2 is paused inside for longer than a dead node is waited for. The others recall the token;
-- node 2 does not answer and is held dead; node 0 makes another one. When node 2 wakes up it is
-- still inside: nobody can be told in time that it is late.

return scenario {
  nodes = 4,
  run = mutex.token_ring { acknowledge = "4ms", retries = 5, regenerate = "60ms", recall = true },
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 5 },
  faults = {
    when({ indication = "GRANTED", node = 2 }, nth(2), pause(token_holder(), { lasts = "500ms" })),
  },
  expect = { fencing_safe = "fails", mutual_exclusion = "fails", single_token = "fails" },
}
