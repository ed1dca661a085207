-- Three sends, how many receives?
--
-- Over a stream, nobody knows: it carries bytes and forgets where one write ended and the next one
-- began. A datagram socket carries letters: each send is one receive, a letter that is longer than
-- the reader asked for loses its rest, and an empty letter is a letter, not the end.

local type = param("type", "stream", "stream or datagram")

return scenario {
  nodes = 1,
  run = channel.socket { transport = transport.sliding_window {} },
  processes = {
    process(0, { name = "both" }, function(p)
      local here, there = p:socketpair(type)
      for _, text in ipairs { "one", "two", "three" } do p:send(here, text) end
      if type == "datagram" then p:send(here, "") end
      p:nonblock(there, true)
      for _ = 1, 5 do
        local text, problem = p:receive(there, 4)
        if not text then
          p:note("then " .. problem)
          break
        end
        p:note("received '" .. text .. "'")
      end
    end),
  },
}
