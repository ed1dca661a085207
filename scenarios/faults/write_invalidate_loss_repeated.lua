-- What repairs a lost message between shared pages and their manager?
--
-- The manager repeats what got no answer: HAND_OVER. The old owner sends the page once more, node
-- 1 knows by its number that it has it already, and confirms again.

return scenario {
  nodes = 3, objects = 1,
  run = memory.write_invalidate { manager = 0, retransmit = "5ms" },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1), wait("20ms"), write(0, 2) },
    [2] = { wait("10ms"), read(0) },
  },
  faults = { drop("CONFIRM", nth(1)) },
  expect = { every_access_completed = "holds", linearizable = "holds" },
}
