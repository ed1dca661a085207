-- What does asking everybody cost when everybody is in another of ten cloud regions?
--
-- The same regions and the same load as in cloud_coordinator.lua, with nobody in charge: who wants
-- the lock asks all nine others, and waits for the farthest.

return scenario {
  nodes = 10,
  run = mutex.ricart_agrawala {},
  links = { matrix = matrix("../data/cloud_regions_rtt_ms.csv", { unit = "ms", half = true }) },
  workload = lock_clients {
    think = exponential(param("think", "10s", "mean time between two entries of a client")),
    hold = param("hold", "20ms", "time in the section"),
    entries = param("entries", 200, "per client"),
  },
  expect = {
    mutual_exclusion = "holds",
    every_request_granted = "holds",
    granted_in_order = "holds",
  },
}
