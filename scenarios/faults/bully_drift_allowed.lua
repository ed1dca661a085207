-- Is a time-out that allows for the clock's drift enough?
--
-- Yes: two delays of 5 ms take 15 ms on a clock that is half as fast again. All else is as in
-- bully_drift.lua.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "16ms" },
  links = { latency = "5ms" },
  faults = { at(0, set_drift(0, "50%")), at("10ms", crash(3)), at("100ms", elect(0)) },
  duration = "1s",
  expect = { one_leader_per_term = "holds", agreement_on_leader = "holds" },
}
