-- How does the cost of a lock grow with the number of those who want it?
--
-- Delays of one millisecond, exactly. Each client asks again as soon as it has given the lock back,
-- so that somebody always waits; with `--set think=10s` nobody does. Swept by `make figures`.

return scenario {
  nodes = param("nodes", 16, "how many take part"),
  run = mutex[param("algorithm", "coordinator", "any lock of `dasim list`")] {},
  links = { latency = "1ms" },
  workload = lock_clients {
    think = exponential(param("think", "1ms", "mean time between two entries of a client")),
    hold = param("hold", "1ms", "time in the section"),
    entries = param("entries", 5, "per client"),
  },
}
