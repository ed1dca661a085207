-- Can both print "yes"?
--
-- One process runs: a = 1; if b == 0 then print("yes"). The other: b = 1; if a == 0 then
-- print("yes"). In no order of their four steps can both: who is second sees what the first has
-- written. Where every change is only told to the others, both can: each looks before it has heard
-- of the other. With --set algorithm=write_invalidate, or any other that invalidates, they cannot.

local algorithm = param("algorithm", "write_update")

return scenario {
  nodes = 3, objects = 2, -- a is object 0, b is object 1
  run = memory[algorithm] {},
  links = { latency = exponential("1ms") },
  workload = programs {
    [1] = { write(0, 1), read(1) },
    [2] = { write(1, 1), read(0) },
  },
  expect = { sequentially_consistent = algorithm == "write_update" and "fails" or "holds" },
}
