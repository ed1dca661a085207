-- Does a second timer help against an answer from an earlier life?
--
-- Yes: no COORDINATOR comes, node 1 asks once more, and nobody is left to answer. All else is as in
-- bully_restart_old_ok.lua.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms", patience = "30ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(3)), at("20ms", elect(1)), at("21ms", crash(1)),
    delay("OK", nth(1), "30ms", { from = 2, to = 1 }),
    at("40ms", crash(2)), at("50ms", recover(1)),
  },
  duration = "1s",
  expect = { agreement_on_leader = "holds" },
}
