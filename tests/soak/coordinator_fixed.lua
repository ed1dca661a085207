-- Does the hardened coordinator lock keep all that it promises, whatever happens to its messages?
--
-- One fixed coordinator, which crashes and comes back like all others. Messages are lost,
-- duplicated, overtaken; links are cut one way; clocks drift by up to 200 ppm in both directions.
-- A lease is counted from the request: who holds leaves before the coordinator lets in the next.

local some = function(list) return list[math.random(#list)] end
local latencies = {
  exponential("2ms"), uniform("0ms", "8ms"), fixed("1ms"), pareto("500us", 1.1),
}

return scenario {
  nodes = math.random(2, 8),
  resources = math.random(1, 3),
  run = mutex.coordinator {
    coordinator = math.random(0, 7), request_timeout = some { "10ms", "25ms" },
    lease = some { "30ms", "60ms", "200ms" }, drift = "200ppm", fencing = true, epochs = true,
  },
  links = {
    latency = some(latencies), loss = "5%", duplicate = "5%",
    reorder = { probability = "10%", by = exponential("20ms") },
  },
  clocks = { drift = uniform("-200ppm", "200ppm"), offset = uniform("-1s", "1s") },
  workload = lock_clients {
    think = exponential(some { "1ms", "10ms", "50ms" }),
    hold = exponential(some { "1ms", "10ms" }),
    pick = some { "random", "round_robin" }, entries = 10,
  },
  faults = {
    chaos {
      crash = { every = exponential("60ms"), down = some { "1ms", "20ms", "200ms" } },
      cut = { every = exponential("60ms"), lasts = some { "20ms", "300ms" } },
      until_ = "1s",
    },
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds", fencing_safe = "holds" },
  duration = "60s",
}
