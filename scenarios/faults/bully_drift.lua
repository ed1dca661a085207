-- What does a clock that runs fast do to the bully election?
--
-- To node 0, whose clock is half as fast again, the time-out of 12 ms is over after 8 ms; the OKs
-- need 10 ms. It takes itself for the highest that lives, and 2 does so, too, a moment later.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "12ms" },
  links = { latency = "5ms" },
  faults = { at(0, set_drift(0, "50%")), at("10ms", crash(3)), at("100ms", elect(0)) },
  duration = "1s",
  expect = { one_leader_per_term = "fails", agreement_on_leader = "holds" },
}
