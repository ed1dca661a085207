-- Which lock for ten cloud regions all over the world?
--
-- One node in each region, delays half of the measured round trips. Each client thinks, asks, holds
-- the lock for a moment, gives it back. The same load for every lock: `--set algorithm=lamport`.
-- With `--set think=1ms` all ask again at once, and the lock is never free.

return scenario {
  nodes = 10,
  run = mutex[param("algorithm", "coordinator", "any lock of `dasim list`")] {},
  links = { matrix = matrix("../data/cloud_regions_rtt_ms.csv", { unit = "ms", half = true }) },
  workload = lock_clients {
    think = exponential(param("think", "10s", "mean time between two entries of a client")),
    hold = param("hold", "20ms", "time in the section"),
    entries = param("entries", 200, "per client"),
  },
}
