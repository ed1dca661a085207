-- How does one end of a connection learn that the other one is gone?
--
-- Half a close: who has nothing more to say shuts the way down, reads on, and the other end reads
-- the rest and then the end. A close with everything read: the other end reads the end; its first
-- write still goes out, the answer to it is a reset, the next one is a broken pipe. A close with
-- something unread: a reset at once, ECONNRESET, and what was under way is lost.

local function server(p)
  p:signal("SIGPIPE", "ignore")
  local l = p:socket("internet", "stream")
  p:bind(l, 80)
  p:listen(l)

  local s = p:accept(l)
  p:note("half: reads '" .. p:receive(s) .. "', then '" .. p:receive(s) .. "'")
  p:send(s, "but I have")
  p:close(s)

  s = p:accept(l)
  p:note("whole: reads '" .. p:receive(s) .. "', then '" .. p:receive(s) .. "'")
  p:note("whole: the first write takes " .. p:send(s, "are you there?"))
  p:sleep("10ms")
  local _, problem = p:send(s, "and now?")
  p:note("whole: the next one says " .. problem)
  p:close(s)

  s = p:accept(l)
  p:send(s, "something that nobody reads")
  p:sleep("10ms")
  local text, why = p:receive(s)
  p:note("unread: reads " .. (text and "'" .. text .. "'" or why))
end

local function connect(p)
  local s = p:socket("internet", "stream")
  p:connect(s, 1, 80)
  return s
end

local function client(p)
  p:sleep("1ms")
  local s = connect(p)
  p:send(s, "nothing more from me")
  p:shutdown(s, "write")
  p:note("half: reads '" .. p:receive(s) .. "'")
  p:close(s)

  s = connect(p)
  p:send(s, "good-bye")
  p:close(s)
  p:sleep("30ms")

  s = connect(p)
  p:sleep("5ms")
  p:close(s)
end

return scenario {
  nodes = 2,
  run = channel.socket { transport = transport.sliding_window {} },
  processes = {
    process(1, { name = "server" }, server),
    process(0, { name = "client" }, client),
  },
}
