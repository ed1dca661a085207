-- Does each cure keep processes in order, whatever they do in between, also over crashes?
--
-- Word 1 of segment a has a semaphore, word 2 of segment b a mutex, or a monitor of that name,
-- which is the same thing; the file c has its own lock. A machine that crashes forgets all but the
-- file.

-- What is shared, which word of it, and what enters and leaves.
local function pick(p)
  local which = p:random(4)
  if which == 1 then
    local f = p:attach("c", "rw", { file = true })
    return f, 0, function() p:flock(f, "exclusive") end, function() p:flock(f, "unlock") end
  elseif which == 2 then
    local m, s = p:attach("a", "rw"), p:semaphore("a", 1)
    return m, 1, function() p:wait(s) end, function() p:post(s) end
  elseif which == 3 then
    local m, l = p:attach("b", "rw"), p:mutex("b")
    return m, 2, function() p:lock(l) end, function() p:unlock(l) end
  end
  local m, b = p:attach("b", "rw"), p:monitor("b")
  return m, 2, function() p:enter(b) end, function() p:leave(b) end
end

local function once(p)
  local m, word, enter, leave = pick(p)
  enter()
  local value = p:read(m, word)
  if p:random(2) == 1 then p:sleep(exponential("200ns")) end
  p:write(m, word, value + 1)
  assert(p:read(m, word) == value + 1)
  leave()
  p:detach(m)
end

local function worker(p)
  for _ = 1, 12 do
    p:sleep(exponential("300ns"))
    if p:random(8) == 1 then
      local child = p:fork(once)
      once(p)
      p:wait(child)
    else
      once(p)
    end
  end
end

return scenario {
  nodes = 2, children = 5,
  run = channel.shared_memory { file_step = "1us", descriptors = 64 },
  processes = {
    process(0, { on_recover = true }, worker), process(0, { on_recover = true }, worker),
    process(0, worker), process(1, worker), process(1, worker),
  },
  faults = {
    chaos { crash = { every = exponential("20us"), down = "1us" }, until_ = "40us" },
  },
  expect = { race_free = "holds" },
}
