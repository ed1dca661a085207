-- When is it cheaper to take the copies away?
--
-- When more is written than read. Node 0 writes six times before anybody reads: write-update tells
-- all about each, 6 * 3 = 18 messages. With `--set algorithm=write_invalidate` node 0 has the page
-- and writes for nothing; only the three reads cost 3 messages each, 9 in all.

return scenario {
  nodes = 4,
  run = memory[param("algorithm", "write_update")] {},
  links = { latency = "1ms" },
  workload = programs {
    [0] = { write(0, 1), write(0, 2), write(0, 3), write(0, 4), write(0, 5), write(0, 6) },
    [1] = { wait("10ms"), read(0) },
    [2] = { wait("10ms"), read(0) },
    [3] = { wait("10ms"), read(0) },
  },
}
