-- What if a node comes back without its memory where permissions are kept?
--
-- It has forgotten whom it owes an answer. Node 0 comes back from inside; those whose REQUEST it
-- had deferred wait for its permission for ever.

return scenario {
  nodes = 4,
  run = mutex.carvalho_roucairol {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 5 },
  faults = { when({ indication = "GRANTED", node = 0 }, nth(1), crash(0, { lasts = "2ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
