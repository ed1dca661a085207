-- Is the order fair where nobody is in charge?
--
-- Yes, by happened-before. As in 23_arrival_is_not_happened_before.lua, node 1 asks for lock 0 at
-- 10 ms and its two REQUESTs take 21 ms; node 2 asks at 23 ms. But it has had news of node 1 since,
-- so that its timestamp is larger; node 1, who is asked, defers its REPLY and goes first.

return scenario {
  nodes = 3,
  resources = 2,
  run = mutex.ricart_agrawala {},
  links = { latency = "1ms" },
  processes = {
    process(1, function(p) p:lock(1) p:sleep("20ms") p:unlock(1) end),
    process(1, function(p) p:sleep("10ms") p:lock(0) p:sleep("5ms") p:unlock(0) end),
    process(2, function(p) p:lock(1) p:unlock(1) p:lock(0) p:sleep("5ms") p:unlock(0) end),
  },
  faults = { delay("REQUEST", nth(3, 2), "20ms", { from = 1 }) },
  expect = { mutual_exclusion = "holds", granted_in_order = "holds" },
}
