-- Can both print "yes" where there is one writer or many readers?
--
-- No, whatever the delays are: to write a, node 1 must have voided the copies of it. Try other
-- seeds, or --set algorithm=improved_manager, probable_owner, broadcast_manager.

return scenario {
  nodes = 3, objects = 2, -- a is object 0, b is object 1
  run = memory[param("algorithm", "write_invalidate", "one that invalidates")] {},
  links = { latency = exponential("2ms") },
  workload = programs {
    [1] = { write(0, 1), read(1) },
    [2] = { write(1, 1), read(0) },
  },
  expect = { sequentially_consistent = "holds", linearizable = "holds" },
}
