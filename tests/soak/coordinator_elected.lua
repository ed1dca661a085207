-- Does the coordinator lock go on, safe for its resources, when coordinators come and go?
--
-- The bully election names the coordinator; all nodes crash and come back; messages are lost,
-- duplicated, overtaken; clocks drift; links are cut one way. Where no cut outlasts a lease, mutual
-- exclusion holds. During long cuts two may coordinate: then it is the resource that tells late
-- holders.

local some = function(list) return list[math.random(#list)] end
local latencies = { exponential("2ms"), uniform("0ms", "8ms"), fixed("1ms") }
local short = some { true, false }

return scenario {
  nodes = math.random(2, 8),
  resources = math.random(1, 3),
  run = mutex.coordinator {
    request_timeout = some { "10ms", "25ms" },
    lease = short and "200ms" or some { "30ms", "60ms", "200ms" }, drift = "200ppm",
    fencing = true, epochs = true,
    election = election.bully {
      timeout = "40ms", terms = true, patience = "80ms", contest = true, announce_every = "100ms",
    },
  },
  links = {
    latency = short and some(latencies) or some { pareto("500us", 1.1), some(latencies) },
    loss = "5%", duplicate = "5%", reorder = { probability = "10%", by = exponential("20ms") },
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
      cut = { every = exponential("60ms"), lasts = short and "20ms" or "300ms" },
      until_ = "1s",
    },
  },
  expect = {
    every_request_granted = "holds", fencing_safe = "holds",
    mutual_exclusion = short and "holds" or "any",
  },
  duration = "60s",
}
