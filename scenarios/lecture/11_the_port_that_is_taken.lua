-- Why does the second server not start, and whom do clients reach meanwhile?
--
-- A port belongs to one process. The second server is told EADDRINUSE, a client of a port that is
-- bound, but where nobody listens, ECONNREFUSED, and so is one of a port that nobody has. When the
-- first server closes, the second one can have the port.

local function connect(p, port, words)
  local s = p:socket("internet", "stream")
  local fine, problem = p:connect(s, 1, port)
  p:note(words .. ": " .. (fine and "connected" or problem))
  p:close(s)
end

return scenario {
  nodes = 2,
  run = channel.socket { transport = transport.sliding_window {} },
  processes = {
    process(1, { name = "first" }, function(p)
      local s = p:socket("internet", "stream")
      p:bind(s, 80)
      p:sleep("20ms")
      p:listen(s)
      p:close(p:accept(s))
      p:sleep("40ms")
      p:close(s)
    end),
    process(1, { name = "second" }, function(p)
      p:sleep("10ms")
      local s = p:socket("internet", "stream")
      local fine, problem = p:bind(s, 80)
      while not fine do
        p:note(problem .. ", tries again")
        p:sleep("30ms")
        fine, problem = p:bind(s, 80)
      end
      p:note("has the port")
    end),
    process(0, { name = "client" }, function(p)
      p:sleep("10ms")
      connect(p, 80, "nobody listens yet")
      connect(p, 81, "nobody has this port")
      p:sleep("20ms")
      connect(p, 80, "the first server listens")
    end),
  },
}
