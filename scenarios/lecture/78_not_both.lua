-- Can both read 0 if copies are taken away before a write?
--
-- No. A node that writes x is alone with x; the write is not done before all copies are gone. Both
-- have copies of x and y at first, ...

return scenario {
  nodes = 3,
  objects = 2,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { read(0), read(1), wait("20ms"), write(0, 1), read(1) },
    [2] = { read(0), read(1), wait("20ms"), write(1, 1), read(0) },
  },
}
