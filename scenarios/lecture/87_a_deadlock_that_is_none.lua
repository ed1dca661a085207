-- Can a circle be found that is not there?
--
-- Node 1 waits for node 2, and node 2 for node 3, when node 2 sends a probe on to node 3. It takes
-- 30 ms. Meanwhile node 3 lets go, node 2 has what it waited for and gives it back, and node 3
-- takes it again and waits for node 1. Each step of the probe was true when it was sent, but never
-- all of them at one time: a phantom. Node 2 works, and will let node 1 go on.
--
-- With --set numbered=true a probe counts only while the grant lasts that it is about: the release
-- that it met on its way has ended it.

local numbered = param("numbered", false, "do probes name the grant?")

return scenario {
  nodes = 4, resources = 3,
  run = mutex.chandy_misra_haas {
    delay = "10ms", numbered = numbered,
    mutex = mutex.coordinator { coordinator = 0 },
  },
  links = { link(2, 3, { latency = "30ms" }) },
  processes = {
    process(1, function(p)
      p:lock(0)
      p:sleep("3ms")
      p:lock(1) -- which node 2 holds
      p:unlock(1)
      p:unlock(0)
    end),
    process(2, function(p)
      p:lock(1)
      p:sleep("3ms")
      p:lock(2) -- which node 3 holds
      p:unlock(2)
      p:sleep("40ms")
      p:unlock(1)
    end),
    process(3, function(p)
      p:lock(2)
      p:sleep("18ms")
      p:unlock(2)
      p:sleep("5ms")
      p:lock(2) -- again
      p:lock(0) -- which node 1 holds
      p:unlock(0)
      p:unlock(2)
    end),
  },
  expect = {
    no_deadlock = "holds", every_request_granted = "holds",
    no_phantom_deadlock = numbered and "holds" or "fails",
  },
}
