-- What does one lost vote do?
--
-- Voter 1 has voted for node 0, who does not hear of it and waits for ever, with the votes that it
-- has: nobody who needs one of them gets in any more.

return scenario {
  nodes = 7,
  run = mutex.maekawa { plane = true },
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop({ sent = "VOTE", from = 1, to = 0 }, nth(1)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
