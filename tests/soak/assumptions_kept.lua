-- Do the plain locks keep what they promise in any world that keeps what they assume?
--
-- Messages arrive, once, after any time, in any order where that is not assumed; nodes do not fail,
-- but pause; clocks drift. Everything else is drawn from the seed.

local locks = { mutex.coordinator {}, mutex.ricart_agrawala {}, mutex.lamport {} }
local needs_order = { false, false, true }
local lock = math.random(#locks)
local latencies = {
  fixed("1ms"), exponential("3ms"), uniform("0ms", "10ms"), pareto("500us", 1.2),
}
local some = function(list) return list[math.random(#list)] end

return scenario {
  nodes = math.random(1, 8),
  resources = math.random(1, 3),
  run = locks[lock],
  links = {
    latency = some(latencies), reorder = some { "0%", "20%" },
    fifo = needs_order[lock] or some { false, true },
  },
  clocks = { drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients {
    think = exponential(some { "1ms", "10ms", "50ms" }),
    hold = exponential(some { "1ms", "5ms" }),
    pick = some { "random", "round_robin" }, entries = 10,
  },
  faults = {
    chaos { pause = { every = exponential("50ms"), down = some { "1ms", "30ms" } }, until_ = "1s" },
  },
}
