-- Does a stream deliver what its other end has written, and nothing of an earlier connection, where
-- nodes crash, come back and are cut off?
--
-- Clients connect again and again; each connection says who it is and carries a text that only it
-- has, both ways. Whatever one end reads is the beginning of what the other one wrote, up to the
-- end or an error. Frames of earlier lives are still under way when a port is served again: links
-- are slow at times.

local some = function(list) return list[math.random(#list)] end
local nodes = math.random(2, 4)
local connections = 0

local function text_of(id, way)
  local parts = {}
  for i = 1, 100 do parts[i] = ("%s%d:%d;"):format(way, id, i) end
  return table.concat(parts)
end

-- Reads to the end or an error; what came is the beginning of the text.
local function read_all(p, s, text)
  local at = 1
  while true do
    local part, why = p:receive(s, 1 + p:random(2000), { timeout = "2s" })
    if part == nil then
      assert(why == "ECONNRESET" or why == "ETIMEDOUT" or why == "EPIPE", why)
      return
    end
    if part == "" then return end
    assert(text:sub(at, at + #part - 1) == part, "not what this connection carries")
    at = at + #part
  end
end

local function write_all(p, s, text)
  local at = 1
  while at <= #text do
    local taken = p:send(s, text:sub(at, at + p:random(900) - 1), { timeout = "2s" })
    if not taken then return end
    at = at + taken
    if p:random(3) == 1 then p:sleep(exponential("2ms")) end
  end
  p:shutdown(s, "write")
end

local function serve(p, s)
  local head = ""
  while #head < 8 do
    local part = p:receive(s, 8 - #head, { timeout = "2s" })
    if not part or part == "" then return end
    head = head .. part
  end
  local id = assert(tonumber(head), "not the head of a connection")
  read_all(p, s, text_of(id, "c"))
  write_all(p, s, text_of(id, "s"))
end

local all = {}
all[1] = process(0, { name = "server", on_recover = true }, function(p)
  p:signal("SIGPIPE", "ignore")
  local l = p:socket("internet", "stream")
  assert(p:bind(l, 80))
  assert(p:listen(l, 3))
  while true do
    local s = assert(p:accept(l))
    serve(p, s)
    p:close(s)
  end
end)
for i = 1, nodes - 1 do
  all[i + 1] = process(i, { on_recover = true }, function(p)
    p:signal("SIGPIPE", "ignore")
    while true do
      local s = p:socket("internet", "stream")
      if p:connect(s, 0, 80, { timeout = "1s" }) then
        connections = connections + 1
        local id = connections
        p:send(s, ("%08d"):format(id))
        write_all(p, s, text_of(id, "c"))
        read_all(p, s, text_of(id, "s"))
      end
      p:close(s)
      p:sleep(exponential("20ms"))
    end
  end)
end

return scenario {
  nodes = nodes,
  run = channel.socket {
    buffer = some { "2KiB", "8KiB" },
    transport = transport.sliding_window {
      window = some { 1, 4, 16 }, tries = some { 3, 8 }, longest = "300ms",
    },
  },
  links = {
    latency = some { exponential("2ms"), uniform("1ms", "200ms") },
    loss = some { "0%", "5%", "20%" }, duplicate = some { "0%", "10%" }, reorder = "10%",
  },
  processes = all,
  faults = {
    chaos {
      crash = { every = exponential("300ms"), down = some { "1ms", "50ms", "400ms" } },
      partition = { every = exponential("2s"), lasts = "300ms" },
      until_ = "3s",
    },
  },
  duration = "4s",
}
