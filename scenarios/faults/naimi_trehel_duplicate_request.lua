-- What does a duplicated REQUEST do to a queue that is a chain?
--
-- Node 0 is inside for 50 ms. The REQUEST of node 1 comes to it twice, with that of node 2 between.
-- The second copy goes where the last one seems to be and bends the chain back: nodes 1 and 2 each
-- guess that the other was the last. When the REQUEST of node 3 comes, it goes to and fro between
-- them and ends at node 3 itself, which now waits for itself.

return scenario {
  nodes = 4,
  run = mutex.naimi_trehel {},
  links = { latency = "1ms" },
  workload = lock_clients { hold = "50ms", entries = 1 },
  faults = {
    duplicate({ sent = "REQUEST", from = 1 }, nth(1)),
    delay({ sent = "REQUEST", from = 1 }, nth(1), "10ms"),
    delay({ sent = "REQUEST", from = 2 }, nth(1), "4ms"),
    delay({ sent = "REQUEST", from = 3 }, nth(1), "19ms"),
  },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
