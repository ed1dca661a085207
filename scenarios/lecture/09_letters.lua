-- How do processes talk that share no machine?
--
-- There is no pipe between two computers: what one says to the other is a message, and a message
-- may be lost. A mailbox is the least that can be built on them: a text is one message, nobody
-- says that it came. Here 20 questions are asked over links that lose every fourth message: who
-- wants to be sure has to ask again after a while, and then the other side is asked twice.

local loss = param("loss", "25%", "of the messages")

return scenario {
  nodes = 2,
  run = channel.mailbox {},
  links = { latency = "1ms", loss = loss },
  processes = {
    process(0, { name = "asks" }, function(p)
      local sent = 0
      for i = 1, 20 do
        local answer
        repeat
          p:send("answers", "question " .. i)
          sent = sent + 1
          repeat
            answer = p:receive({ timeout = "5ms" })
          until not answer or answer == "answer to question " .. i
        until answer
      end
      p:note("20 answers to " .. sent .. " questions")
      for _ = 1, 10 do p:send("answers", "end") end
    end),
    process(1, { name = "answers" }, function(p)
      local heard = 0
      while true do
        local text, from = p:receive()
        if text == "end" then break end
        heard = heard + 1
        p:send(from, "answer to " .. text)
      end
      p:note("heard " .. heard .. " questions")
    end),
  },
}
