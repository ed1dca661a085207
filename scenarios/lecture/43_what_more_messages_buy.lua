-- What do 2(n-1) messages buy that 3 do not?
--
-- Time, and a fair order. Seven clients ask for ever, a section takes 10 ms. By agreement of all
-- the lock changes hands in T = 1 ms, and a client waits 7 * (10 + 1) - 10 = 67 ms; an entry takes
-- 14 messages. With `--set algorithm=coordinator` it is 2T, 7 * (10 + 2) - 10 = 74 ms, and 3.

return scenario {
  nodes = 8,
  run = mutex[param("algorithm", "ricart_agrawala")] {},
  links = { latency = "1ms" },
  workload = lock_clients {
    clients = { 1, 2, 3, 4, 5, 6, 7 }, think = 0, hold = "10ms", entries = 100,
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds" },
}
