-- What do copies save?
--
-- Without them every read goes to the owner: 4 messages each. With --set copies=true the first
-- read costs 4, the others nothing, until somebody writes.

return scenario {
  nodes = 4, objects = 1,
  run = memory.write_invalidate {
    manager = 0, copy_on_read = param("copies", false, "who reads keeps a copy"),
  },
  links = { latency = "1ms" },
  workload = programs {
    [1] = { write(0, 1) },
    [2] = { wait("10ms"), read(0), read(0), read(0), read(0), read(0) },
    [3] = { wait("10ms"), read(0), read(0), read(0), read(0), read(0) },
  },
}
