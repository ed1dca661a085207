-- Can a suspicion that is right when it is formed be wrong when it takes effect?
--
-- Node 0 is down from 35 to 75 ms. Its first heartbeat afterwards is lost, its REQUEST is not: node
-- 1 agrees, and node 0 enters at 80 ms. At 81 ms node 1 has heard no heartbeat for 50 ms and leaves
-- node 0 out, which is inside; at 82 ms it asks nobody and enters, too.

return scenario {
  nodes = 2,
  run = mutex.ricart_agrawala {
    stable_clock = true,
    failure_detector = failure_detector.heartbeat { interval = "10ms", timeout = "50ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { start = "79ms", think = "3ms", hold = "20ms", entries = 1 },
  faults = {
    at("35ms", crash(0, { lasts = "40ms" })),
    drop("HEARTBEAT", nth(5), { from = 0, to = 1 }),
  },
  expect = { mutual_exclusion = "fails" },
  duration = "1s",
}
