-- Which side of a partition goes on when the queue is a chain?
--
-- The side that has the token, as long as the chain of those who wait does not cross over. What is
-- lost at the border is not sent again when the network has healed: those wait for ever.

return scenario {
  nodes = 5,
  run = mutex.naimi_trehel {},
  links = { latency = "1ms" },
  workload = lock_clients { think = exponential("20ms"), hold = "2ms", entries = 50 },
  faults = { at("200ms", partition({ 0, 1, 2 }, { 3, 4 }, { lasts = "300ms" })) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "fails" },
}
