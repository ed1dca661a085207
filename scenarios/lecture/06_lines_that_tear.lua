-- Do the lines of two writers stay whole in one pipe?
--
-- Two processes write lines of their own letter into one pipe and a third reads. A write of up
-- to PIPE_BUF bytes (4096 here) goes in whole or waits whole. A longer one (--set size=10000)
-- takes what room there is and waits for more, and meanwhile the other writer takes the next
-- page: their lines tear, and the reader finds b in the middle of a line of a. The standard
-- promises 512 bytes at least and no more (--set posix=true): then 4096 may be too much.

local size = param("size", 4096, "bytes of a line")
local posix = param("posix", false, "only what the standard promises?")
local lines = 20

return scenario {
  nodes = 1,
  run = channel.pipe { posix = posix },
  processes = {
    process(0, { name = "reader" }, function(p)
      local r, w = p:pipe()
      for _, letter in ipairs { "a", "b" } do
        p:fork({ name = "writer " .. letter }, function(c)
          local line = string.rep(letter, size)
          for _ = 1, lines do c:write(w, line) end
        end)
      end
      p:close(w)
      local letter, length, torn = "", 0, 0 -- of the run of one letter that is being read
      repeat
        local text, at = p:read(r, 4096), 1
        while at <= #text do
          local this = text:sub(at, at)
          local stop = text:find(this == "a" and "b" or "a", at, true) or #text + 1
          if this ~= letter then
            if length % size ~= 0 then torn = torn + 1 end
            letter, length = this, 0
          end
          length, at = length + stop - at, stop
        end
        p:sleep("1ms")
      until text == ""
      p:note(2 * lines .. " lines of " .. size .. " bytes: " ..
        (torn == 0 and "all whole" or "torn in " .. torn .. " places"))
    end),
  },
}
