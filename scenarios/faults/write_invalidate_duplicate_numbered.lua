-- What repairs duplicated messages between shared pages and their manager?
--
-- Numbers: an acknowledgement counts once for each copy and fault, a page answers the request
-- whose number it has. The same two duplicates as in write_invalidate_duplicate and ..._page do
-- nothing.

return scenario {
  nodes = 5, objects = 2,
  run = memory.write_invalidate { manager = 0, retransmit = "500ms" },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("100ms"), read(1), wait("20ms"), write(1, 2) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("20ms"), read(0), wait("20ms"), read(0) },
    [4] = { wait("30ms"), write(0, 2), wait("30ms"), write(1, 3), wait("30ms"), read(1) },
  },
  faults = {
    delay("INVALIDATE", nth(1), "50ms", { to = 3 }),
    duplicate("INVALIDATED", nth(1), { from = 2 }),
    delay("PAGE", nth(2), "21ms", { to = 1 }), duplicate("PAGE", nth(2), { to = 1 }),
  },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
