-- What does mutual exclusion look like to the programs that need it?
--
-- Two processes add to one counter in a shared memory: read it, reckon for a while, write it back.
-- Between p:lock and p:unlock nobody else does, so that ten times each are 20. Without the lock
-- (--set locked=false) what one writes between the other's read and write is lost: less comes out.

local locked = param("locked", true, "do they take the lock?")

local function adder(p)
  for _ = 1, 10 do
    if locked then p:lock(0) end
    local value = p:read(0)
    p:sleep("1ms")
    p:write(0, value + 1)
    if locked then p:unlock(0) end
    p:sleep(uniform("0ms", "20ms"))
  end
end

return scenario {
  nodes = 3,
  run = { mutex.coordinator {}, memory.write_invalidate {} },
  processes = {
    process(1, { name = "left" }, adder),
    process(2, { name = "right" }, adder),
    process(0, { name = "reader" }, function(p)
      p:sleep("2s")
      p:note("the counter is " .. p:read(0))
    end),
  },
  expect = { mutual_exclusion = "holds", every_request_granted = "holds", linearizable = "holds" },
}
