-- Do the plain locks keep what they promise in any world that keeps what they assume?
--
-- Messages arrive, once, after any time, in any order unless an order is assumed; nodes do not
-- fail, but pause; clocks drift. Everything else is drawn from the seed.

local any_order = {
  mutex.carvalho_roucairol {}, mutex.coordinator {}, mutex.naimi_trehel {}, mutex.raymond {},
  mutex.raymond { arity = 1 }, mutex.ricart_agrawala {}, mutex.suzuki_kasami {},
  mutex.token_ring {},
}
local in_order = {
  mutex.lamport {}, mutex.maekawa {}, mutex.maekawa { plane = true }, mutex.two_tokens {},
}
local latencies = {
  fixed("1ms"), exponential("3ms"), uniform("0ms", "10ms"), pareto("500us", 1.2),
}
local some = function(list) return list[math.random(#list)] end

local fifo = math.random(3) == 1

return scenario {
  nodes = math.random(1, 8),
  resources = math.random(1, 3),
  run = some(fifo and in_order or any_order),
  links = { latency = some(latencies), reorder = some { "0%", "20%" }, fifo = fifo },
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
