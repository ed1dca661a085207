-- Is a planted bug found? Elections while nodes die and come back, and the network splits; the ring
-- is spared all of that.
local algorithm = param("algorithm", "bully")
local verdicts = { [param("property", "agreement_on_leader")] = param("verdict", "fails") }
local trials = {
  bully = {
    run = function()
      return election.bully {
        terms = true, contest = true, timeout = "20ms", patience = "60ms", announce_every = "100ms",
        failure_detector = failure_detector.heartbeat { interval = "20ms", timeout = "60ms" },
      }
    end,
    faults = {
      at("200ms", crash(leader())), at("500ms", partition({ 0, 1 }, { 2, 3 })), at("1s", heal()),
      at("1300ms", recover(4)), at("1600ms", crash(leader())), at("1900ms", crash(leader())),
    },
  },
  chang_roberts = {
    run = function() return election.chang_roberts { arrangement = 13 } end,
    faults = { at("10ms", elect(any())) },
  },
}

return scenario {
  nodes    = 5,
  run      = trials[algorithm].run(),
  links    = { latency = uniform("2ms", "3ms") },
  faults   = trials[algorithm].faults,
  expect   = verdicts,
  duration = "2s",
  settle   = "1s",
}
