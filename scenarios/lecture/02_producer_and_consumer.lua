-- How do a fast producer and a slow consumer keep in step?
--
-- They share a pipe and nothing else. The producer makes 4 KiB in 1 ms, the consumer needs 3 ms for
-- as much. At first the producer is ahead; once the 16 pages of the pipe are full it waits in write
-- for the consumer to read, who waits in read when the pipe is empty: at the very start. Nobody
-- counts, signals or locks. The producer's last act is to close its end: the consumer reads what is
-- left, and then the end of the file.

local items = param("items", 50, "of 4 KiB each")

local function producer(p, w)
  local item, waited = string.rep("i", 4096), 0 * ms
  for i = 1, items do
    p:sleep("1ms")
    local before = p:now()
    p:write(w, item)
    waited = waited + (p:now() - before)
  end
  p:note("made all, waited " .. tostring(waited) .. " for room")
end

return scenario {
  nodes = 1,
  run = channel.pipe {},
  processes = {
    process(0, { name = "consumer" }, function(p)
      local r, w = p:pipe()
      p:fork({ name = "producer" }, function(c)
        c:close(r)
        producer(c, w)
      end)
      p:close(w) -- or the end would never come: 07_the_forgotten_write_end.lua
      local bytes = 0
      repeat
        local text = p:read(r, 4096)
        bytes = bytes + #text
        p:sleep("3ms")
      until text == ""
      p:note("used " .. bytes .. " bytes")
    end),
  },
}
