-- What do programs learn of the far end of a socket, where machines fail or are asked too much?
--
-- Each claim is an assertion in a program of its own; `which` picks it.

local cases = {}

local function stream(p) return p:socket("internet", "stream") end

local function listener(p, port, backlog)
  local l = stream(p)
  assert(p:bind(l, port))
  assert(p:listen(l, backlog or 8))
  return l
end

local function says(wanted, ...)
  local result, why = ...
  assert(result == nil and why == wanted, "found " .. tostring(why or result) .. ", not " .. wanted)
end

-- Who crashes and stays away: what was sent is repeated, then given up.
cases.time_out = {
  server = function(p) p:accept(listener(p, 80)); p:sleep("1h") end,
  client = function(p)
    local s = stream(p)
    assert(p:connect(s, 1, 80))
    p:sleep("100ms")
    assert(p:send(s, "anybody?") == 8)
    says("ETIMEDOUT", p:receive(s, 10, { timeout = "9.5s" }))
    assert(p:now() < 9500 * ms)
  end,
  faults = { at("50ms", crash(1)) },
}

-- Who comes back does not know the connection: reset, for the reader that waits.
cases.returned = {
  server = function(p) p:accept(listener(p, 80)); p:sleep("1h") end,
  client = function(p)
    local s = stream(p)
    assert(p:connect(s, 1, 80))
    p:sleep("100ms")
    assert(p:send(s, "still there?") == 12)
    says("ECONNRESET", p:receive(s, 10, { timeout = "5s" }))
    s = stream(p)
    says("ECONNREFUSED", p:connect(s, 1, 80)) -- its process is gone, too
  end,
  faults = { at("50ms", crash(1, { lasts = "200ms" })) },
}

-- Nobody there: a machine that is up refuses, one that is down is silent.
cases.refused = {
  server = function(p)
    assert(p:bind(stream(p), 81)) -- bound, but does not listen
    p:sleep("1h")
  end,
  client = function(p)
    says("ECONNREFUSED", p:connect(stream(p), 1, 80))
    says("ECONNREFUSED", p:connect(stream(p), 1, 81))
    p:sleep("100ms")
    says("ETIMEDOUT", p:connect(stream(p), 1, 80))
    local d = p:socket("internet", "datagram")
    assert(p:connect(d, 0, 9))
    assert(p:send(d, "hello") == 5)
    says("ECONNREFUSED", p:receive(d, 10))
  end,
  faults = { at("50ms", crash(1)) },
}

-- A backlog of 1 completes two connections; the third waits until one was accepted.
cases.backlog = {
  server = function(p)
    local l = listener(p, 80, 1)
    p:sleep("1s")
    local s = assert(p:accept(l))
    p:sleep("1h")
    p:close(s)
  end,
  client = function(p)
    assert(p:connect(stream(p), 1, 80))
    assert(p:connect(stream(p), 1, 80))
    local third = p:socket("internet", "stream", { nonblock = true })
    says("EINPROGRESS", p:connect(third, 1, 80))
    p:sleep("900ms")
    says("EALREADY", p:connect(third, 1, 80))
    p:sleep("100ms")
    assert(p:connect(third, 1, 80))
  end,
}

-- Who does not read stops the writer at the size of the buffer, and lets it go on.
cases.window = {
  server = function(p)
    local s = assert(p:accept(listener(p, 80)))
    p:sleep("1s")
    assert(p:available(s) == 8192)
    local size = 0
    while size < 20000 do size = size + #p:receive(s, 1000) end
    p:note("has all")
  end,
  client = function(p)
    local s = stream(p)
    assert(p:connect(s, 1, 80))
    p:nonblock(s, true)
    local taken = 0
    while taken < 8192 do
      taken = taken + (p:send(s, ("x"):rep(8192 - taken)) or 0)
      p:sleep("1ms")
    end
    says("EAGAIN", p:send(s, "x"))
    p:nonblock(s, false)
    while taken < 20000 do taken = taken + p:send(s, ("x"):rep(20000 - taken)) end
    assert(p:now() > 1000 * ms)
  end,
}

-- Raw packets have a protocol and no port: every socket of the protocol gets its own.
cases.raw = {
  server = function(p)
    local a = p:socket("internet", "raw", { protocol = 7 })
    local b = p:socket("internet", "raw", { protocol = 7 })
    local c = p:socket("internet", "raw", { protocol = 8 })
    p:nonblock(c, true)
    assert(p:receive(a, 10) == "packet")
    local text, node, port, cut = p:receive_from(b, 3)
    assert(text == "pac" and node == 0 and port == 0 and cut)
    says("EAGAIN", p:receive(c, 10))
  end,
  client = function(p)
    local s = p:socket("internet", "raw", { protocol = 7 })
    assert(p:send_to(s, 1, 0, "packet") == 6)
  end,
}

local which = param("which", "time_out", "a case")
local case = cases[which]
return scenario {
  nodes = 2,
  run = channel.socket { transport = transport.sliding_window { tries = 6 } },
  processes = {
    process(1, { name = "server" }, case.server),
    process(0, { name = "client" }, function(p)
      p:signal("SIGPIPE", "ignore")
      p:sleep("10ms")
      case.client(p)
      p:note("done: " .. which)
    end),
  },
  faults = case.faults or {},
  duration = "10s",
}
