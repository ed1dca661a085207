-- Can both print "yes"?
--
-- One process runs: a = 1; if b == 0 then print("yes"). The other: b = 1; if a == 0 then
-- print("yes"). In no order of their four steps can both. Here both change their own copy, go on at
-- once, and look before the UPDATE of the other has come (a is [0], b is [1]): both read 0. With
-- `--set sequencer=true` all changes have one order, and one of them reads 1.

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
  expect = { sequentially_consistent = sequencer and "holds" or "fails", coherent = "holds" },
}
