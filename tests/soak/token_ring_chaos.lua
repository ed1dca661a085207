-- Does the hardened token ring keep its promises where everything goes wrong that it allows for?
--
-- Messages are lost, doubled and overtaken, links are cut one way, nodes crash and come back,
-- clocks drift. Kept is what the time-outs assume: who lives answers within acknowledge x retries.

local some = function(list) return list[math.random(#list)] end
local down = some { "5ms", "60ms", "300ms", "1s" }

return scenario {
  nodes = math.random(2, 7),
  resources = math.random(1, 2),
  run = mutex.token_ring {
    acknowledge = "12ms", retries = 40, silence = "400ms", regenerate = "1500ms",
    recall = true, fencing = true,
  },
  links = {
    latency = uniform("500us", "2ms"), loss = "5%", duplicate = "5%",
    reorder = { probability = "10%", by = uniform("1ms", "3ms") },
  },
  clocks = { offset = uniform("-1s", "1s"), drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients {
    think = exponential(some { "1ms", "20ms", "100ms" }), hold = exponential("3ms"),
    pick = "random", entries = 100,
  },
  faults = {
    chaos {
      crash = { every = exponential(some { "60ms", "200ms", "800ms" }), down = down },
      cut = { every = exponential("300ms"), lasts = "150ms" },
      until_ = "3s",
    },
  },
  expect = { fencing_safe = "holds", single_token = "holds" },
  duration = "20s",
}
