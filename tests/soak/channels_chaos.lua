-- Do pipes and mailboxes keep what they have to where nodes crash and come back?
--
-- On each node a parent forks writers that share a pipe, and reads until its end: the bytes of each
-- come once and in their order, and the children end with the status that they chose. Calls are
-- given up after a while, writers die of closed pipes, texts travel to other nodes. All is checked
-- in plain Lua.

local nodes, writers = math.random(1, 3), math.random(1, 3)
local posix = math.random(2) == 1
local sizes = ({ { 1, 100 }, { 400, 512 }, { 3000, 5000 }, { 1, 20000 } })[math.random(4)]

-- A writer's bytes count from its letter on: 32 of them, again and again.
local function bytes_of(first, from, size)
  local list = {}
  for i = 0, 31 do list[i + 1] = string.char(first + (from + i) % 32) end
  return string.rep(table.concat(list), size // 32 + 1):sub(1, size)
end

local function write_all(c, w, first, status)
  local sent = 0
  for _ = 1, 2 do
    local size, done = c:random(sizes[2] - sizes[1] + 1) + sizes[1] - 1, 0
    while done < size do
      local options = c:random(3) == 1 and { timeout = "1ms" } or {}
      local count, problem = c:write(w, bytes_of(first, sent, size - done), options)
      assert(count or problem == "ETIMEDOUT", problem)
      done, sent = done + (count or 0), sent + (count or 0)
    end
    if c:random(2) == 1 then c:sleep(exponential("1ms")) end
    c:send(c:random(nodes) - 1, "a text")
  end
  c:exit(status)
end

-- A text as pieces of one writer each: that of 32 .. 63, of 64 .. 95, of 96 .. 127.
local others = { "[^ -?]", "[^@-_]", "[^`-\127]" }

local function check(text, seen)
  local at = 1
  while at <= #text do
    local which = text:byte(at) // 32
    local stop = text:find(others[which], at) or #text + 1
    assert(text:sub(at, stop - 1) == bytes_of(32 * which, seen[which] or 0, stop - at),
      "bytes of a writer are not in their order")
    seen[which] = (seen[which] or 0) + stop - at
    at = stop
  end
end

local function parent(p)
  local r, w = p:pipe()
  local statuses = {}
  for i = 1, writers do
    local child = p:fork(function(c) write_all(c, w, 32 * i, i) end)
    statuses[child.name] = i
  end
  p:close(w)
  local seen, most = {}, p:random(9000)
  while true do
    local text = p:read(r, most)
    if text == "" then break end
    check(text, seen)
  end
  p:receive({ timeout = "1ms" })
  for _ = 1, writers do
    local child, status = p:wait()
    assert(statuses[child.name] == status, "another status than the child chose")
    statuses[child.name] = nil
  end
  local child, problem = p:wait()
  assert(child == nil and problem == "ECHILD", "a child that was not forked")

  r, w = p:pipe()
  p:close(r)
  p:fork(function(c) c:write(w, "into the void") error("survives a broken pipe") end)
  local _, status = p:wait()
  assert(status == "SIGPIPE", "a broken pipe that does not break")
end

local all = {}
for i = 1, nodes do all[i] = process(i - 1, { on_recover = true }, parent) end

return scenario {
  nodes = nodes, children = nodes * (writers + 1), shuffle_ties = math.random(2) == 1,
  run = { channel.pipe { posix = posix, pool = "1MiB" }, channel.mailbox { mails = 4 } },
  links = { latency = exponential("1ms"), loss = "10%" },
  faults = { chaos { crash = { every = exponential("20ms"), down = "2ms" }, until_ = "100ms" } },
  processes = all,
}
