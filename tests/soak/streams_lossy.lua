-- Does a stream deliver every byte once and in order over links that lose three messages of ten,
-- duplicate one of ten and change their order?
--
-- Clients connect to a server on another node and both write and read at their own pace, in pieces
-- of any size, through windows and buffers of any size. Each end knows what the other one writes.
-- A watchman comes when all must be over.

local some = function(list) return list[math.random(#list)] end
local nodes, clients = math.random(2, 3), math.random(1, 3)
local done = 0

-- What connection `id` carries: no two places look alike.
local function text_of(id, size)
  local parts = {}
  for i = 1, size // 6 + 1 do parts[i] = ("%d%05d"):format(id % 10, i) end
  return table.concat(parts):sub(1, size)
end

local function write_all(p, s, text, most)
  local at = 1
  while at <= #text do
    local size = p:random(most)
    local taken = assert(p:send(s, text:sub(at, at + size - 1)))
    at = at + taken
    if p:random(4) == 1 then p:sleep(exponential("3ms")) end
  end
  assert(p:shutdown(s, "write"))
end

local function read_all(p, s, text, most)
  local parts = {}
  repeat
    local part = assert(p:receive(s, p:random(most)))
    parts[#parts + 1] = part
    if p:random(4) == 1 then p:sleep(exponential("3ms")) end
  until part == ""
  assert(table.concat(parts) == text, "a byte is missing, doubled or in the wrong place")
end

local sizes, most = {}, {}
for i = 1, 2 * clients do
  sizes[i] = some { 0, 1, math.random(3000), math.random(20000) }
  most[i] = some { 100, 1400, 5000 }
end

local all = {}
all[1] = process(0, { name = "server" }, function(p)
  local l = p:socket("internet", "stream")
  p:bind(l, 80)
  p:listen(l, clients)
  for _ = 1, clients do
    local s = assert(p:accept(l))
    p:fork(function(c)
      local id = tonumber(assert(c:receive(s, 1)))
      read_all(c, s, text_of(id, sizes[id]), most[id])
      write_all(c, s, text_of(id, sizes[clients + id]), most[id])
      done = done + 1
    end)
    p:close(s)
  end
end)
for id = 1, clients do
  all[id + 1] = process(math.random(1, nodes - 1), function(p)
    local s = p:socket("internet", "stream")
    p:sleep("1ms")
    while not p:connect(s, 0, 80) do p:sleep("5ms") end
    p:send(s, tostring(id))
    write_all(p, s, text_of(id, sizes[id]), most[clients + id])
    read_all(p, s, text_of(id, sizes[clients + id]), most[clients + id])
    done = done + 1
  end)
end
all[clients + 2] = process(0, { name = "watchman" }, function(p)
  p:sleep("600s")
  assert(done == 2 * clients, "a stream has not come to its end")
end)

return scenario {
  nodes = nodes,
  run = channel.socket {
    buffer = some { "2KiB", "8KiB", "64KiB" },
    transport = transport.sliding_window { window = some { 1, 4, 16 }, tries = 40 },
  },
  links = {
    latency = some { "1ms", exponential("2ms"), uniform("100us", "20ms") },
    loss = "30%", duplicate = "10%", reorder = some { "0%", "20%" },
  },
  clocks = { drift = uniform("-1%", "1%") },
  processes = all,
  children = clients,
  duration = "1000s",
}
