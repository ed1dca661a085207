-- What happens when a node reads memory that is not there?
--
-- Node 2 owns the page, node 0 is the manager. Node 1 reads at 10 ms: a read fault. It asks the
-- manager (ASK_READ), which tells the owner (SEND_COPY), which sends a copy (PAGE), and node 1
-- confirms that it has it (CONFIRM): 4 messages, of which node 1 waits for three, 3 ms.

return scenario {
  nodes = 3,
  run = memory.write_invalidate { manager = 0 },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { wait("10ms"), read(0) },
    [2] = { write(0, 7) },
  },
  warm_up = "5ms",
  expect = { single_writer_or_readers = "holds", every_access_completed = "holds" },
}
