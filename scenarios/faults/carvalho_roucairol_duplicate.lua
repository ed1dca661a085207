-- What does a duplicated permission do where permissions are kept?
--
-- The second copy comes 8 ms late: node 0 has given the permission back meanwhile, and believes
-- that it has it again. It enters without asking, beside node 1.

return scenario {
  nodes = 2,
  run = mutex.carvalho_roucairol {},
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 5 },
  faults = { duplicate("REPLY", nth(1)), delay("REPLY", nth(1), "8ms") },
  expect = { mutual_exclusion = "fails" },
}
