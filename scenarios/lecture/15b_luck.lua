-- It has never gone wrong so far: is the program right?
--
-- The second deposit comes a millisecond after the first, and nothing is lost. That is luck: no
-- lock, no message, nothing orders the two, and on a busier day they will meet. Happened-before
-- tells, from a run in which all went well: race_free names both lines. With a mutex
-- (--set locked=true) they are in order, in whichever.

local locked = param("locked", false, "do they take the mutex?")

local function deposit(starts)
  return function(p)
    local account, m = p:attach("account", "rw"), p:mutex("account")
    p:sleep(starts)
    if locked then p:lock(m) end
    local balance = p:read(account, 0)
    p:write(account, 0, balance + 1)
    if locked then p:unlock(m) end
    p:note("has written " .. balance + 1)
  end
end

return scenario {
  nodes = 1,
  run = channel.shared_memory {},
  processes = {
    process(0, { name = "early" }, deposit("0s")),
    process(0, { name = "late" }, deposit("1ms")),
  },
  expect = { race_free = locked and "holds" or "fails" },
}
