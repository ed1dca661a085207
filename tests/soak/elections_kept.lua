-- Do the plain elections keep what they promise in any world that keeps what they assume?
--
-- Messages arrive, once, and in bounded time. On the ring nobody fails; of the bully's nodes some
-- die and come back, whenever no election is under way. Everything else is drawn from the seed.

local some = function(list) return list[math.random(#list)] end
local nodes = math.random(1, 9)
local latency = some { fixed("1ms"), uniform("0ms", "10ms"), uniform("9ms", "10ms") }

local function bully()
  local faults, at_ms = {}, 500
  for i = 1, 6 do -- 400 ms apart: detection and election take 250
    faults[i] = at(at_ms .. "ms", some {
      crash(random_node()), crash(leader()), recover(random_node()), elect(random_node()),
      elect(any()),
    })
    at_ms = at_ms + 400 + math.random(0, 50)
  end
  return election.bully {
    timeout = "25ms",
    failure_detector = failure_detector.heartbeat { interval = "30ms", timeout = "90ms" },
  }, faults
end

local function ring()
  local first, others = math.random(0, nodes - 1), every(exponential("60ms"), elect(random_node()))
  return election.chang_roberts {
    arrangement = math.random(0, 1000000), descending = some { true, false },
  }, {
    at("10ms", elect(first)), others,
    chaos { pause = { every = exponential("50ms"), down = some { "1ms", "30ms" } } },
  }
end

local run, faults = some { bully, ring }()

return scenario {
  nodes = nodes,
  run = run,
  links = { latency = latency, reorder = { probability = some { "0%", "20%" }, by = "2ms" } },
  clocks = { drift = uniform("-200ppm", "200ppm"), offset = uniform("-1s", "1s") },
  faults = faults,
  duration = "3s", settle = "500ms", events = 300000,
  expect = { agreement_on_leader = "holds" },
}
