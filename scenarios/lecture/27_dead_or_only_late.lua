-- Can the coordinator tell a dead holder from one whose answer is late?
--
-- No. Everything is as in 26_is_the_owner_still_alive.lua, but the first HOLD takes 20 ms more.
-- Node 1 is taken for dead at 31 ms, and node 2 enters while node 1 is inside. Where messages have
-- no longest delay, every time-out is a guess.

return scenario {
  nodes = 3,
  run = mutex.coordinator { coordinator = 0, request_timeout = "10ms", alive_timeout = "5ms" },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "50ms", entries = 1 },
  faults = { delay("HOLD", nth(1), "20ms") },
  expect = { mutual_exclusion = "fails" },
}
