-- Is a detector of deadlocks that is wrong found out?
--
-- Nodes 1, 2, 3 wait in a circle. Nodes 4, 5, 6 wait in a line for node 7, which works. Node 8
-- waits for node 9, which waits for node 10, which lets go at 40 ms and waits for node 8 then: the
-- probe of node 8 comes to it at 44 ms; what it let go is on its way to node 9 until 51 ms.
local verdicts = { [param("property", "no_phantom_deadlock")] = param("verdict", "fails") }

local function held(p, ...) -- at 20 ms
  for _, r in ipairs({ ... }) do p:lock(r) end
  p:sleep(20 * ms - p:now())
end

local function ring(p)
  held(p, p.node)
  local other = p.node % 3 + 1
  p:lock(other) p:unlock(other) p:unlock(p.node)
end

local function line(p)
  held(p, p.node)
  if p.node < 7 then p:lock(p.node + 1) else p:sleep("100ms") end
  if p.node < 7 then p:unlock(p.node + 1) end
  p:unlock(p.node)
end

return scenario {
  nodes     = 11, resources = 11,
  run       = mutex[param("algorithm", "chandy_misra_haas")] {
    delay = "20ms", numbered = true, mutex = mutex.coordinator { coordinator = 0 },
  },
  links     = { latency = "1ms", link(0, 9, { latency = "10ms" }) },
  processes = {
    process(1, ring), process(2, ring), process(3, ring),
    process(4, line), process(5, line), process(6, line), process(7, line),
    process(8, function(p) held(p, 8) p:lock(9) p:unlock(9) p:unlock(8) end),
    process(9, function(p) held(p, 9) p:lock(10) p:unlock(10) p:unlock(9) end),
    process(10, function(p)
      held(p, 10)
      p:sleep(40 * ms - p:now())
      p:unlock(10) p:lock(8) p:unlock(8)
    end),
  },
  expect    = verdicts,
  duration  = "400ms",
}
