-- What if a request comes to an owner that has just handed the page over?
--
-- The manager asks node 1 for a copy for node 2, then to hand the page over to node 3; the first
-- of the two is late. Node 1 sends it after the page: it finds its new owner.

return scenario {
  nodes = 4, objects = 1,
  run = memory.improved_manager { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("12ms"), write(0, 3) },
  },
  faults = { delay("SEND_COPY", nth(1), "20ms", { to = 1 }) },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
