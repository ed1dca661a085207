-- Why does the reader wait for an end that never comes?
--
-- The end of a pipe is reached when every descriptor of its write end is closed: not only the
-- writer's. The child that reads has inherited the write end from its parent, does not think of it,
-- and waits for itself. The page says where it stands. If it closes what it does not need (--set
-- close=true), the end comes when the writer is done.

local close = param("close", false, "does the reader close the write end that it inherited?")

return scenario {
  nodes = 1,
  run = channel.pipe {},
  processes = {
    process(0, { name = "parent" }, function(p)
      local r, w = p:pipe()
      p:fork({ name = "reader" }, function(c)
        if close then c:close(w) end
        local lines = 0
        while c:read(r) ~= "" do lines = lines + 1 end
        c:note("the end, after " .. lines .. " lines")
      end)
      p:close(r)
      for i = 1, 3 do
        p:sleep("1ms")
        p:write(w, "line " .. i .. "\n")
      end
      p:close(w)
      p:note("wrote all, waits for the reader")
      p:wait()
      p:note("the reader is done")
    end),
  },
}
