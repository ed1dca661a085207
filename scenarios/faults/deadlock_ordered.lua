-- How do clients that need several locks avoid the deadlock?
--
-- All take them in the same order, the lowest first: who holds a resource waits only for higher
-- ones, so that a cycle would have to go down somewhere. The same clients as in
-- deadlock_opposite_order.lua, and many more at random.

return scenario {
  nodes = 8,
  resources = 5,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = exponential("1ms") },
  workload = lock_clients {
    together = 3, ordered = param("ordered", true, "take the lowest first"), pick = "random",
    think = exponential("10ms"), hold = "5ms", entries = 50,
  },
  expect = { mutual_exclusion = "holds", no_deadlock = "holds", every_request_granted = "holds" },
}
