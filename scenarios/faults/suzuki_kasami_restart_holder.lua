-- What if another holder of the token comes back without its memory?
--
-- Node 1 does not know that it had the token: the token is lost. Its next request even looks old to
-- the others, since it counts from 1 again.

return scenario {
  nodes = 4,
  run = mutex.suzuki_kasami {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 5 },
  faults = {
    when({ indication = "GRANTED", node = 1 }, nth(1), crash(token_holder(), { lasts = "1ms" })),
  },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
