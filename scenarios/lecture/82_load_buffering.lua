-- Can each see what the other will write only later?
--
-- Node 1 reads x and then writes y; node 2 reads y and then writes x. For both to read 1, a value
-- would have to arrive before it was written. No protocol here does that: an access is done before
-- the next one begins.

return scenario {
  nodes = 3, objects = 2, -- x is object 0, y is object 1
  run = memory.write_update {},
  links = { latency = "1ms" },
  workload = programs {
    [1] = { read(0), write(1, 1) },
    [2] = { wait("5ms"), read(1), write(0, 1) },
  },
  expect = { sequentially_consistent = "holds" },
}
