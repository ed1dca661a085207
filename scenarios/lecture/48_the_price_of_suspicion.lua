-- What does a failure detector cost when the network is cut in two?
--
-- Safety. Nobody can tell a node that is cut off from one that is dead. The network is cut at 3 ms;
-- at 21 ms each side takes the other for dead; at 40 ms all ask, each its own side only, and at 42
-- ms nodes 0 and 2 enter. Without the detector both sides would wait, as when a node is dead.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {
    failure_detector = failure_detector.heartbeat { interval = "5ms", timeout = "20ms" },
  },
  links = { latency = "1ms" },
  workload = lock_clients { think = "40ms", hold = "10ms", entries = 1 },
  faults = { at("3ms", partition({ 0, 1 }, { 2, 3 })) },
  expect = { mutual_exclusion = "fails" },
}
