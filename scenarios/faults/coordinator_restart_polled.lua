-- How does a coordinator that comes back without its memory get its books back?
--
-- It asks everybody: do you hold it, do you want it? The same faults as in coordinator_restart.lua
-- and coordinator_restart_queue.lua, over and over: it dies for 2 ms whenever it has granted.

return scenario {
  nodes = 4,
  run = mutex.coordinator { coordinator = 0, request_timeout = "20ms", epochs = true },
  links = { latency = "1ms" },
  workload = lock_clients {
    clients = { 1, 2, 3 }, think = uniform("5ms", "40ms"), hold = "30ms", entries = 10,
  },
  faults = { when("GRANT", each(), crash(coordinator(), { lasts = "2ms" })) },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
