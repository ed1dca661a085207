-- How does one who comes back escape the suspicion of its former life?
--
-- It keeps quiet for longer than the others' time-outs and the longest delay. The same crash as in
-- ricart_agrawala_late_suspicion.lua: node 0 asks 60 ms after its return, when node 1 has heard its
-- heartbeats.

return scenario {
  nodes = 2,
  run = mutex.ricart_agrawala {
    stable_clock = true, rejoin_after = "60ms",
    failure_detector = failure_detector.heartbeat { interval = "10ms", timeout = "50ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { start = "79ms", think = "3ms", hold = "20ms", entries = 1 },
  faults = {
    at("35ms", crash(0, { lasts = "40ms" })),
    drop("HEARTBEAT", nth(5), { from = 0, to = 1 }),
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
  duration = "1s",
}
