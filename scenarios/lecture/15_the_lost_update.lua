-- Two deposits of 1 on one account: why is the balance 1?
--
-- Reading and writing are two steps of 100 ns. Both read 0 before either has written, so both write
-- 1, and one deposit is gone. Each cure makes read and write one step to the others: a mutex, a
-- semaphore that counts to 1, a monitor (--set cure=mutex, semaphore, monitor). Whether a run loses
-- an update is luck; that nothing orders the two accesses is not, and race_free says so, with both
-- lines.

local cure = param("cure", "none", "none, mutex, semaphore or monitor")

local function section(p) -- returns what enters and what leaves it
  if cure == "mutex" then
    local m = p:mutex("account")
    return function() p:lock(m) end, function() p:unlock(m) end
  elseif cure == "semaphore" then
    local s = p:semaphore("account", 1)
    return function() p:wait(s) end, function() p:post(s) end
  elseif cure == "monitor" then
    local m = p:monitor("account")
    return function() p:enter(m) end, function() p:leave(m) end
  end
  return function() end, function() end
end

local function deposit(p)
  local account = p:attach("account", "rw")
  local enter, leave = section(p)
  enter()
  local balance = p:read(account, 0)
  p:write(account, 0, balance + 1)
  leave()
  p:note("has written " .. balance + 1)
end

return scenario {
  nodes = 1,
  run = channel.shared_memory { step = "100ns", lock = "25ns" },
  processes = {
    process(0, { name = "left" }, deposit),
    process(0, { name = "right" }, deposit),
  },
  expect = { race_free = cure == "none" and "fails" or "holds" },
}
