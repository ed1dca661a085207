-- How does a producer wait for room, and a consumer for goods?
--
-- Two semaphores count: how many places of the buffer are free, how many are filled. Each side
-- takes from one and gives to the other; who finds 0 waits. With three places the producer is three
-- ahead of the slower consumer, never more. No mutex is needed: the two never touch one place at
-- once, and race_free agrees. Without waiting for room (--set waits=false) goods are overwritten.

local waits = param("waits", true, "does the producer wait for room?")
local places, goods = 3, 6

local function both(p)
  return p:attach("buffer", "rw"), p:semaphore("free", places), p:semaphore("filled", 0)
end

return scenario {
  nodes = 1,
  run = channel.shared_memory {},
  processes = {
    process(0, { name = "producer" }, function(p)
      local buffer, free, filled = both(p)
      for i = 1, goods do
        if waits then p:wait(free) end
        p:write(buffer, i % places, i)
        p:post(filled)
      end
      p:note("is done")
    end),
    process(0, { name = "consumer" }, function(p)
      local buffer, free, filled = both(p)
      local fetched = {}
      for i = 1, goods do
        p:wait(filled)
        p:sleep("10us")
        fetched[i] = p:read(buffer, i % places)
        p:post(free)
      end
      p:note("has fetched " .. table.concat(fetched, ", "))
    end),
  },
  expect = { race_free = waits and "holds" or "fails" },
}
