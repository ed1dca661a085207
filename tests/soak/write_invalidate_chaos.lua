-- Does the hardened manager of shared pages keep its promises where everything goes wrong?
--
-- Messages are lost, doubled and overtaken, links are cut one way, the network is partitioned,
-- nodes with durable pages crash and come back, also in the middle of what they send; clocks
-- drift.

local some = function(list) return list[math.random(#list)] end
local nodes = math.random(2, 7)

return scenario {
  nodes = nodes,
  objects = math.random(1, 4),
  run = memory.write_invalidate {
    manager = math.random(0, 6), retransmit = some { "5ms", "30ms", "100ms" }, durable = true,
    object_size = some { "1KiB", "512B" }, copy_on_read = some { true, true, false },
  },
  links = {
    latency = exponential("2ms"), loss = "5%", duplicate = "5%",
    reorder = { probability = "20%", by = exponential("10ms") },
  },
  clocks = { offset = uniform("-1s", "1s"), drift = uniform("-200ppm", "200ppm") },
  workload = memory_clients {
    think = exponential(some { "1ms", "10ms" }), accesses = 20, writes = some { "20%", "50%" },
  },
  faults = {
    chaos {
      crash = { every = exponential(some { "50ms", "200ms" }), down = some { "5ms", "60ms" } },
      cut = { every = exponential("200ms"), lasts = "100ms" },
      partition = { every = exponential("500ms"), lasts = "100ms" },
      until_ = "2s",
    },
    every(exponential("100ms"), crash(random_node(), { after_sends = math.random(0, 2) }),
      { until_ = "2s" }),
    every("20ms", recover(random_node()), { until_ = "3s" }),
  },
}
