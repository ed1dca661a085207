-- Why do two programs that want the same two locks wait for ever?
--
-- Each holds one and asks for the other: hold and wait, in a circle. Nobody can go on, nobody gives
-- anything back. The page tells where each of them stands, and who holds what it waits for.

return scenario {
  nodes = 3, resources = 2,
  run = mutex.coordinator {},
  processes = {
    process(1, { name = "left" }, function(p)
      p:lock(0)
      p:sleep("5ms")
      p:lock(1)
      p:note("has both")
      p:unlock(1)
      p:unlock(0)
    end),
    process(2, { name = "right" }, function(p)
      p:lock(1)
      p:sleep("5ms")
      p:lock(0)
      p:note("has both")
      p:unlock(0)
      p:unlock(1)
    end),
  },
  expect = { mutual_exclusion = "holds", no_deadlock = "fails", every_request_granted = "fails" },
}
