-- Can both print "yes" if copies are taken away before a write?
--
-- No. Both nodes have copies of a and b, and write at about 25 ms. The write of a is done when no
-- other copy of a is left; so is that of b. Who looks then must fetch the variable anew, and gets
-- what the other has written. Here both read 1; one might read 0 if it were much quicker, never
-- both. `--set algorithm=probable_owner`, or any other that invalidates, does no less.

return scenario {
  nodes = 3,
  objects = 2,
  run = memory[param("algorithm", "write_invalidate", "one that invalidates")] {},
  links = { latency = "1ms" },
  workload = programs {
    [1] = { read(0), read(1), wait("20ms"), write(0, 1), read(1) },
    [2] = { read(0), read(1), wait("20ms"), write(1, 1), read(0) },
  },
  expect = { sequentially_consistent = "holds", single_writer_or_readers = "holds" },
}
