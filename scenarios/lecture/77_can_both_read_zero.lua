-- x = 1; r = y on one node, y = 1; r = x on another one: can both read 0?
--
-- On one processor never: whichever write comes second, its node then reads 1. Here it can be: both
-- change their own copy, go on at once, and read the other variable (x is [0], y is [1]) before the
-- UPDATE of it arrives. With `--set sequencer=true` all changes have one order, and one reads 1.

local sequencer = param("sequencer", false, "node 0 gives all changes their order")

return scenario {
  nodes = 3,
  objects = 2,
  run = memory.write_update { sequencer = sequencer },
  links = { latency = "1ms", fifo = true },
  workload = programs {
    [1] = { write(0, 1), read(1) },
    [2] = { write(1, 1), read(0) },
  },
  expect = { sequentially_consistent = sequencer and "holds" or "fails" },
}
