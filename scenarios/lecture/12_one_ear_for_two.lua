-- How does one process listen to two sockets, without knowing which one will speak first?
--
-- One that reads from the first socket waits there, deaf to the second. `select` waits for both and
-- says which of them can be read. (--set selects=false: the letter of the quick client waits until
-- the slow one has sent his.)

local selects = param("selects", true, "wait for both at once?")

local function server(p)
  local ears = {}
  for port = 1, 2 do
    ears[port] = p:socket("internet", "datagram")
    p:bind(ears[port], port)
  end
  for turn = 1, 2 do
    local which = ears[turn]
    if selects then which = p:select(ears)[1] end
    local text, node = p:receive_from(which)
    p:note("at " .. tostring(p:now()) .. " from node " .. node .. ": " .. text)
  end
end

local function client(port, after, text)
  return function(p)
    local s = p:socket("internet", "datagram")
    p:sleep(after)
    p:send_to(s, 0, port, text)
  end
end

return scenario {
  nodes = 3,
  run = channel.socket { transport = transport.sliding_window {} },
  processes = {
    process(0, { name = "server" }, server),
    process(1, { name = "slow" }, client(1, "50ms", "I took my time")),
    process(2, { name = "quick" }, client(2, "5ms", "here I am")),
  },
}
