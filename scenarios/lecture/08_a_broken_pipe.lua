-- What happens to a writer whose reader has gone?
--
-- Nobody will ever read what it writes, so the kernel sends it SIGPIPE. Three children do the
-- same and differ in what that does to them: one dies of it, as programs do that think of
-- nothing; one ignores the signal and finds EPIPE as the result of its write; one has a function
-- for it. A fourth waited in the middle of a long write when the reader went: its write returns
-- what the pipe had taken, and only the next one fails. The parent waits for them and learns how
-- each ended.

return scenario {
  nodes = 1,
  run = channel.pipe {},
  processes = {
    process(0, { name = "parent" }, function(p)
      local r, w = p:pipe()

      p:fork({ name = "careless" }, function(c)
        c:close(r)
        c:sleep("5ms")
        c:write(w, "is anybody there?")
        c:note("never comes here")
      end)
      p:fork({ name = "ignores" }, function(c)
        c:close(r)
        c:signal("SIGPIPE", "ignore")
        c:sleep("6ms")
        local _, problem = c:write(w, "is anybody there?")
        c:note("write says " .. problem)
      end)
      p:fork({ name = "handles" }, function(c)
        c:close(r)
        c:signal("SIGPIPE", function(signal)
          c:note("handles " .. signal)
        end)
        c:sleep("7ms")
        local _, problem = c:write(w, "is anybody there?")
        c:note("write says " .. problem)
        c:exit(3)
      end)
      p:fork({ name = "in the middle" }, function(c)
        c:close(r)
        c:signal("SIGPIPE", "ignore")
        c:sleep("1ms")
        c:note("write says " .. c:write(w, string.rep("x", 100000)))
        local _, problem = c:write(w, "more")
        c:note("the next write says " .. problem)
      end)

      p:close(w)
      p:sleep("3ms")
      p:note("read " .. #p:read(r, 10) .. " bytes, and goes")
      p:close(r)
      for _ = 1, 4 do
        local child, status = p:wait()
        p:note(child.name .. ": ended with " .. status)
      end
    end),
  },
}
