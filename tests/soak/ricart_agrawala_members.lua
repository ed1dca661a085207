-- Does Ricart-Agrawala keep all its promises while nodes die and it goes on without them?
--
-- With a failure detector whose time-outs are never wrong it does: 50 ms are twenty heartbeats in
-- a row, and no message takes longer than 20 ms. Who comes back keeps quiet for longer than the
-- time-out. Everything else is drawn from the seed: messages are lost and doubled, nodes crash,
-- some for good.

local some = function(list) return list[math.random(#list)] end

return scenario {
  nodes = math.random(2, 6),
  resources = math.random(1, 2),
  run = mutex.ricart_agrawala {
    request_timeout = some { "5ms", "20ms" }, stable_clock = true, rejoin_after = "80ms",
    failure_detector = failure_detector.heartbeat { interval = "2500us", timeout = "50ms" },
  },
  links = {
    latency = some { fixed("1ms"), uniform("0ms", "4ms"), uniform("500us", "1500us") },
    loss = "5%", duplicate = "5%",
    reorder = { probability = some { "0%", "20%" }, by = uniform("0ms", "15ms") },
  },
  clocks = { drift = uniform("-200ppm", "200ppm") },
  workload = lock_clients {
    think = exponential(some { "1ms", "10ms" }), hold = exponential(some { "1ms", "5ms" }),
    pick = "random", entries = 20,
  },
  faults = {
    chaos {
      crash = {
        every = exponential(some { "60ms", "200ms" }),
        down = some { "2ms", "30ms", "52ms", "60ms", "150ms" },
      },
      until_ = "800ms",
    },
    at("300ms", crash(random_node())),
  },
  -- Who keeps quiet may be overtaken by those that do not know yet that it is back.
  expect = { bounded_bypass = "any", granted_in_order = "any" },
  duration = "5s", -- many times what it takes; a detector never rests
  settle = "2s",
}
