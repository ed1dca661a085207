-- How do processes find out that they wait for each other in a circle?
--
-- Each holds one lock and wants the next one's; nobody sees more than its own. Who has waited for
-- 50 ms sends a probe to the holder of what it waits for, who sends it on if it waits, too (Chandy,
-- Misra, Haas). The probe that comes home has gone round: a circle of n costs n probes. Who finds
-- it loses its lock, and so everybody else can go on; it begins again.
--
-- If all look at once (--set at_once=true), all find it: n*n probes, n victims where one would do.
-- When the others' probes come home, the first has let go: what they find is there no longer.

local nodes = param("nodes", 4, "and as many locks")
local at_once = param("at_once", false, "do all ask, and look, at the same moment?")
local probes, cost = 0, {}

on({ sent = "PROBE" }, function() probes = probes + 1 end)
on({ indication = "DEADLOCK" }, function(e) cost[e.node] = probes end)

local function eater(p)
  local own, other = p.node, (p.node + 1) % nodes
  repeat
    p:lock(own)
    p:sleep((p.node == 0 or at_once) and "10ms" or "50ms")
    p:lock(other)
    p:sleep("5ms")
    p:unlock(other)
    local kept = p:unlock(own)
    if not kept then
      p:note("was the victim, found with " .. cost[p.node] .. " probes")
      p:sleep(p.node * 100 * ms)
    end
  until kept
end

local processes = {}
for i = 0, nodes - 1 do processes[i + 1] = process(i, eater) end

return scenario {
  nodes = nodes, resources = nodes,
  run = mutex.chandy_misra_haas {
    delay = "50ms", preempt = true, mutex = mutex.ricart_agrawala {},
  },
  processes = processes,
  expect = {
    mutual_exclusion = "holds", every_request_granted = "holds", no_deadlock = "fails",
    deadlock_detected = "holds", no_phantom_deadlock = at_once and "fails" or "holds",
  },
}
