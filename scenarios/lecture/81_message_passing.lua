-- If I have seen your flag, have I seen your data?
--
-- Node 1 writes the data, then the flag. Node 2 has heard of the flag, and reads old data: the
-- first change is still on its way. With --set fifo=true the flag waits behind the data.

local fifo = param("fifo", false, "messages keep the order of sending")

return scenario {
  nodes = 3, objects = 2, -- the data is object 0, the flag is object 1
  run = memory.write_update {},
  links = { latency = "1ms", fifo = fifo },
  workload = programs {
    [1] = { write(0, 1), write(1, 1) },
    [2] = { wait("10ms"), read(1), read(0) },
  },
  faults = { delay("UPDATE", nth(1), "20ms", { to = 2 }) },
  expect = { sequentially_consistent = fifo and "holds" or "fails", coherent = "holds" },
}
