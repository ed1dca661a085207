-- Is it fair to grant in the order in which requests arrive?
--
-- Not by happened-before. Node 1 asks for lock 0 at 10 ms, and its REQUEST takes 21 ms. At 22 ms it
-- gives lock 1 back; node 2 gets that one, and only then asks for lock 0: later than node 1, by a
-- chain of messages. Its REQUEST arrives first, and is granted first.

return scenario {
  nodes = 3,
  resources = 2,
  run = mutex.coordinator { coordinator = 0 },
  links = { latency = "1ms" },
  processes = {
    process(1, function(p) p:lock(1) p:sleep("20ms") p:unlock(1) end),
    process(1, function(p) p:sleep("10ms") p:lock(0) p:sleep("5ms") p:unlock(0) end),
    process(2, function(p) p:lock(1) p:unlock(1) p:lock(0) p:sleep("5ms") p:unlock(0) end),
  },
  faults = { delay("REQUEST", nth(2), "20ms", { from = 1 }) },
  expect = { mutual_exclusion = "holds", granted_in_order = "fails" },
}
