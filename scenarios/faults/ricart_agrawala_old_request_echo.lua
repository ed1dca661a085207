-- How does one tell a REPLY to an old REQUEST from one to the present one?
--
-- The same late copy as in ricart_agrawala_old_request.lua. The REPLY to it says which request it
-- answers; node 0 waits on for node 2.

return scenario {
  nodes = 3,
  run = mutex.ricart_agrawala { echo = true },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 0, 2 }, think = "10ms", hold = "20ms", entries = 2 },
  faults = {
    duplicate("REQUEST", nth(1), { from = 0, to = 1 }),
    delay("REQUEST", nth(1), "34ms", { from = 0, to = 1 }),
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
