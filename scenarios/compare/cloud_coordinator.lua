-- What does a central lock cost when its clients sit in ten cloud regions all over the world?
--
-- One node in each region; the coordinator is in Dallas. Each client thinks, asks, holds the lock
-- for a moment, gives it back. Delays are half of the measured round-trip times.

return scenario {
  nodes = 10,
  run = mutex.coordinator { coordinator = param("coordinator", 0, "region of the coordinator") },
  links = { matrix = matrix("../data/cloud_regions_rtt_ms.csv", { unit = "ms", half = true }) },
  workload = lock_clients {
    think = exponential(param("think", "10s", "mean time between two entries of a client")),
    hold = param("hold", "20ms", "time in the section"),
    entries = param("entries", 200, "per client"),
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
