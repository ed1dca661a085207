-- Does it help on a ring where a message is lost, to start anew after a while?
--
-- Yes: no ELECTED comes, and everybody sends its id once more. All else is as in
-- chang_roberts_loss.lua.

return scenario {
  nodes = 5,
  run = election.chang_roberts { patience = "50ms" },
  links = { latency = "1ms" },
  faults = { at("10ms", elect(any())), drop("ELECTION", nth(2), { from = 2, to = 3 }) },
  duration = "1s",
  expect = { agreement_on_leader = "holds" },
}
