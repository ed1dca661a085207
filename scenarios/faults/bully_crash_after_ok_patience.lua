-- Does a second timer help where the node that said "leave it to me" dies?
--
-- Yes: who gets no COORDINATOR in time holds another election. All else is as in
-- bully_crash_after_ok.lua.

return scenario {
  nodes = 4,
  run = election.bully { timeout = "10ms", patience = "30ms" },
  links = { latency = "1ms" },
  faults = {
    at("10ms", crash(leader())), at("20ms", elect(0)),
    when("OK", nth(1), { from = 2, to = 1 }, crash(2)),
  },
  duration = "1s",
  expect = { agreement_on_leader = "holds" },
}
