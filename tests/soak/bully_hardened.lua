-- Does the hardened bully agree in the end, and has no term ever two leaders, whatever happens?
--
-- Loss, duplication, reordering, crashes and recoveries, cuts, partitions, pauses, clocks that
-- drift: all of it is drawn from the seed, and goes on at once until the end. Then it stops, and
-- all live nodes must name the highest of them.

local some = function(list) return list[math.random(#list)] end
local nodes = math.random(2, 7)

return scenario {
  nodes = nodes,
  run = election.bully {
    terms = true, contest = true,
    timeout = some { "25ms", "50ms" }, patience = some { "60ms", "200ms" },
    announce_every = some { "40ms", "100ms" },
    failure_detector = failure_detector.heartbeat {
      interval = "20ms", timeout = some { "50ms", "80ms" }, grow = some { "0ms", "20ms" },
    },
  },
  links = {
    latency = some { fixed("1ms"), uniform("0ms", "10ms"), uniform("5ms", "6ms") },
    loss = "5%", duplicate = "5%",
    reorder = { probability = some { "5%", "30%" }, by = uniform("1ms", some { "20ms", "300ms" }) },
  },
  clocks = { drift = uniform("-200ppm", "200ppm"), offset = uniform("-1s", "1s") },
  faults = {
    chaos {
      crash = { every = exponential(some { "300ms", "1s" }), down = some { "5ms", "100ms", "1s" } },
      cut = { every = exponential(some { "300ms", "2s" }), lasts = some { "50ms", "500ms" } },
      partition = { every = exponential(some { "1s", "3s" }), lasts = some { "100ms", "900ms" } },
      pause = { every = exponential("1s"), down = some { "20ms", "200ms" } },
    },
    every(exponential("500ms"), elect(random_node())),
  },
  duration = "3s", settle = "2s", events = 300000, -- 10,000 are usual: a storm of elections fails
  expect = { agreement_on_leader = "holds", one_leader_per_term = "holds" },
}
