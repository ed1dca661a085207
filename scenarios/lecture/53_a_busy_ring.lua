-- What does a token ring save when all want to enter all the time?
--
-- All messages but one: TOKEN tells the next one that it may enter, and there is nothing to ask and
-- nothing to give back. One message an entry, T = 1 ms from one holder to the next, and everybody
-- waits for one round, 4 * (5 + 1) - 5 = 19 ms.

return scenario {
  nodes = 4,
  run = mutex.token_ring {},
  links = { latency = "1ms" },
  workload = lock_clients { think = 0, hold = "5ms", entries = 1000 },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
