-- What does a program notice of a link that loses, doubles and reorders?
--
-- With datagrams everything: letters are missing, come twice, come late. With a stream nothing but
-- time: the transport numbers its frames, sends again what was not acknowledged, and hands up each
-- byte once, in order.

local by = param("by", "datagram", "datagram or stream")
local letters = param("letters", 20, "how many")

local function by_datagram(p)
  local s = p:socket("internet", "datagram")
  p:bind(s, 7)
  local seen, twice, late, count, last = {}, 0, 0, 0, 0
  while true do
    local text = p:receive(s, 100, { timeout = "200ms" })
    if not text then break end
    local number = tonumber(text)
    if seen[number] then
      twice = twice + 1
    else
      count = count + 1
      if number < last then late = late + 1 end
    end
    seen[number] = true
    last = math.max(last, number)
  end
  p:note(count .. " of " .. letters .. " came, " .. twice .. " twice, " .. late .. " late")
end

local function by_stream(p)
  local l = p:socket("internet", "stream")
  p:bind(l, 7)
  p:listen(l)
  local s = p:accept(l)
  local parts, wanted = {}, {}
  repeat
    local text = p:receive(s)
    parts[#parts + 1] = text
  until text == ""
  for i = 1, letters do wanted[i] = ("%3d"):format(i) end
  local fine = table.concat(parts) == table.concat(wanted)
  p:note((fine and "every byte once, in order" or "not what was sent") .. ", at " ..
         tostring(p:now()))
end

return scenario {
  nodes = 2,
  run = channel.socket { transport = transport.sliding_window {} },
  links = { latency = "1ms", loss = "30%", duplicate = "10%", reorder = "20%" },
  processes = {
    process(1, { name = "reader" }, by == "stream" and by_stream or by_datagram),
    process(0, { name = "writer" }, function(p)
      local s = p:socket("internet", by)
      p:sleep("1ms")
      p:connect(s, 1, 7)
      for i = 1, letters do
        p:send(s, ("%3d"):format(i))
        p:sleep("1ms")
      end
      p:close(s)
    end),
  },
}
