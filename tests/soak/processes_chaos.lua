-- Do processes keep to their locks where nodes crash, come back and pause?
--
-- Several processes a node take one resource or two, the lower number first, with and without a
-- time-out, and check in plain Lua that nobody else is inside. What the lock promises holds, no
-- circle of processes waits, and who waits at the end has been served.

local some = function(list) return list[math.random(#list)] end
local nodes, resources = math.random(2, 6), math.random(1, 4)
local inside = {} -- by resource: who

on("crash", function(e)
  for r = 1, resources do
    if inside[r] and inside[r].node == e.node then inside[r] = nil end
  end
end)

local function enter(p, r)
  if not p:lock(r - 1, p:random(3) == 1 and { timeout = "20ms" } or {}) then return false end
  assert(inside[r] == nil, "somebody else is inside")
  inside[r] = p
  return true
end

local function leave(p, r)
  assert(inside[r] == p, "somebody else has been inside")
  inside[r] = nil
  assert(p:unlock(r - 1), "the lease is over, but there are none")
end

local function body(p)
  for _ = 1, 8 do
    p:sleep(exponential("10ms"))
    local first = p:random(resources)
    local second = first + p:random(resources)
    if enter(p, first) then
      p:sleep(exponential("2ms"))
      if second <= resources and enter(p, second) then
        p:sleep("1ms")
        leave(p, second)
      end
      leave(p, first)
    end
  end
end

local all = {}
for i = 1, math.random(2, 12) do
  all[i] = process(math.random(0, nodes - 1), { on_recover = math.random(2) == 1 }, body)
end

return scenario {
  nodes = nodes,
  resources = resources,
  run = mutex.coordinator { coordinator = 0, request_timeout = "30ms" },
  links = { latency = some { "1ms", exponential("2ms") } },
  shuffle_ties = math.random(2) == 1,
  processes = all,
  faults = {
    chaos {
      pause = { every = exponential("40ms"), down = some { "1ms", "30ms" } }, until_ = "500ms",
    },
    every(exponential(some { "50ms", "200ms" }),
      crash(math.random(1, nodes - 1), { lasts = some { "5ms", "60ms" } }), { until_ = "400ms" }),
  },
  duration = "2s",
  expect = { no_deadlock = "holds" },
}
