-- Are deadlocks found by probes, all of them and no others, above any lock?
--
-- Clients take several locks each, in any order, so that they get stuck sooner or later. Either
-- nobody gives anything up: then each circle is found, and what numbered probes find is there.
-- Or those who are found lose a lock, and all go on until they are done.

local some = function(list) return list[math.random(#list)] end
local nodes, resources = math.random(2, 8), math.random(2, 6)
local preempt = some { true, false }
local latency = some { fixed("1ms"), uniform("0ms", "10ms"), exponential("3ms") }
local slow = {}
for i = 1, math.random(0, 4) do
  slow[i] = link(math.random(0, nodes - 1), math.random(0, nodes - 1), { latency = "40ms" })
end

local below = some {
  mutex.coordinator { coordinator = 0 }, mutex.ricart_agrawala {}, mutex.lamport {},
  mutex.suzuki_kasami {}, mutex.naimi_trehel {}, mutex.carvalho_roucairol {},
}

return scenario {
  nodes = nodes, resources = resources,
  run = mutex.chandy_misra_haas {
    delay = some { "0ms", "5ms", "30ms", "200ms" }, numbered = true, preempt = preempt,
    mutex = below,
  },
  links = { latency = latency, fifo = true, table.unpack(slow) },
  workload = lock_clients {
    together = math.random(2, math.min(3, resources)), pick = "random",
    think = exponential("20ms"), hold = "4ms", entries = 12,
  },
  clocks = { drift = uniform("-100ppm", "100ppm"), offset = uniform("-1s", "1s") },
  settle = "20s", events = 400000,
  expect = {
    mutual_exclusion = "holds", deadlock_detected = "holds",
    [preempt and "every_request_granted" or "no_phantom_deadlock"] = "holds",
  },
}
