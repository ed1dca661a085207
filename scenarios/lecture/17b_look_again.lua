-- Who was woken because there is something to fetch finds nothing: where has it gone?
--
-- In a monitor as Mesa has it, who is signalled joins the end of the queue at the door. The second
-- consumer has been standing there, goes in first, and takes what the first one was woken for. So
-- who is woken must look again: `while`, not `if` (--set again=true).

local again = param("again", false, "does who was woken look again?")

local function consumer(starts)
  return function(p)
    local buffer, count = p:monitor("buffer"), p:attach("count", "rw")
    p:sleep(starts)
    p:enter(buffer)
    if again then
      while p:read(count, 0) == 0 do p:wait(buffer, "something") end
    elseif p:read(count, 0) == 0 then
      p:wait(buffer, "something")
    end
    local left = p:read(count, 0) - 1
    p:write(count, 0, left)
    p:leave(buffer)
    p:note("has fetched one, leaves " .. left)
  end
end

local function producer(p)
  local buffer, count = p:monitor("buffer"), p:attach("count", "rw")
  for _ = 1, 2 do
    p:sleep("10us")
    p:enter(buffer)
    p:sleep("10us") -- meanwhile the second consumer comes to the door
    p:write(count, 0, p:read(count, 0) + 1)
    p:signal(buffer, "something")
    p:leave(buffer)
  end
end

return scenario {
  nodes = 1,
  run = channel.shared_memory {},
  processes = {
    process(0, { name = "first" }, consumer("0s")),
    process(0, { name = "second" }, consumer("15us")),
    process(0, { name = "producer" }, producer),
  },
  expect = { race_free = "holds" },
}
