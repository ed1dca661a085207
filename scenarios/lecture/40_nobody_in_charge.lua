-- How can a process get the lock when nobody is in charge?
--
-- It asks all others and enters when all have agreed. Node 0 is alone: three REQUESTs, three
-- REPLYs, 2(n-1) = 6 messages for four nodes, none to give the lock back. The last REPLY is there
-- after 2T = 2 ms.

return scenario {
  nodes = 4,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0 }, think = "10ms", hold = "5ms", entries = 1 },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
