-- Does Ricart-Agrawala keep all its promises while messages are lost, doubled, cut off, and nodes
-- come and go?
--
-- With retransmission and a stable clock it does, without knowing who is down: it waits for them.
-- Everything is drawn from the seed; whoever crashes comes back, and partitions heal.

local some = function(list) return list[math.random(#list)] end

return scenario {
  nodes = math.random(2, 7),
  resources = math.random(1, 2),
  run = mutex.ricart_agrawala { request_timeout = some { "5ms", "20ms" }, stable_clock = true },
  links = {
    latency = some {
      fixed("1ms"), exponential("2ms"), uniform("0ms", "8ms"), pareto("500us", 1.2),
    },
    loss = "5%", duplicate = "5%",
    reorder = { probability = some { "0%", "20%" }, by = exponential(some { "5ms", "50ms" }) },
  },
  clocks = { drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients {
    think = exponential(some { "1ms", "10ms" }), hold = exponential(some { "1ms", "5ms" }),
    pick = "random", entries = 20,
  },
  faults = {
    chaos {
      crash = {
        every = exponential(some { "40ms", "150ms" }), down = some { "1ms", "10ms", "60ms" },
      },
      partition = { every = exponential("150ms"), lasts = some { "20ms", "80ms" } },
      cut = { every = exponential("100ms"), lasts = some { "10ms", "50ms" } },
      until_ = "600ms",
    },
  },
  duration = "20s", -- many times what it takes; who waits in vain asks for ever
  settle = "2s",
}
