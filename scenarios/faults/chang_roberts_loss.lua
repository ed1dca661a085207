-- What does one lost message do to an election on a ring?
--
-- The ELECTION of the highest, node 4, is lost on its way round. All others were swallowed: nobody
-- is ever elected, and all wait.

return scenario {
  nodes = 5,
  run = election.chang_roberts {},
  links = { latency = "1ms" },
  faults = { at("10ms", elect(any())), drop("ELECTION", nth(2), { from = 2, to = 3 }) },
  duration = "1s",
  expect = { agreement_on_leader = "fails" },
}
