-- Does Ricart-Agrawala keep all its promises where messages come twice, the second time much
-- later?
--
-- With the echo it does, and needs nothing else: no message is lost, no node fails. Everything
-- else is drawn from the seed.

local some = function(list) return list[math.random(#list)] end

return scenario {
  nodes = math.random(2, 7),
  resources = math.random(1, 2),
  run = mutex.ricart_agrawala { echo = true },
  links = {
    latency = some {
      fixed("1ms"), exponential("2ms"), uniform("0ms", "8ms"), pareto("500us", 1.2),
    },
    duplicate = some { "5%", "40%" },
    reorder = { probability = some { "5%", "30%" }, by = exponential(some { "5ms", "50ms" }) },
  },
  clocks = { drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients {
    think = exponential(some { "1ms", "10ms" }), hold = exponential(some { "1ms", "5ms" }),
    pick = "random", entries = 20,
  },
}
