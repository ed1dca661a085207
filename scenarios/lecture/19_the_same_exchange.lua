-- What does the same exchange cost by pipe, socket, shared memory and distributed shared memory?
--
-- One process asks, another answers, ten times, 8 bytes each way; --set by=NAME chooses how. Each
-- sending and receiving begins with 1 us for the system call (of shared memory, the semaphore's).
-- Within a machine nothing goes over the network. Between two, 1 ms apart, a datagram is one
-- message; a frame of a stream is acknowledged, which takes no time from those who talk; and
-- distributed shared memory moves pages: each write takes the copy of the reader away, each read
-- fetches it anew. Who looks for news, every 100 us, looks at its own copy, mostly for nothing.

local by = param("by", "pipe", "pipe, unix, shared_memory, stream, datagram, dsm")
local rounds = param("rounds", 10, "questions")

local function call(p) p:sleep("1us") end -- into the kernel and out
local function letter(number) return string.format("%8d", number) end

-- Both sides of a two-way line of bytes, or of datagrams.
local function ask(p, send, receive)
  local start = p:now()
  for i = 1, rounds do
    call(p) send(letter(i))
    call(p) assert(receive() == letter(10 * i))
  end
  p:note(rounds .. " answers in " .. tostring(p:now() - start))
end

local function answer(p, send, receive)
  for _ = 1, rounds do
    call(p)
    local question = tonumber(receive())
    call(p) send(letter(10 * question))
  end
end

local function over(p, input, output)
  return function(text) p:write(output, text) end, function() return p:read(input, 8) end
end

local ways = {}

function ways.pipe()
  return { channel.pipe {} }, {
    process(0, function(p)
      local r1, w1 = p:pipe()
      local r2, w2 = p:pipe()
      p:fork(function(c) answer(c, over(c, r1, w2)) end)
      ask(p, over(p, r2, w1))
    end),
  }
end

function ways.unix()
  return { channel.socket { transport = transport.sliding_window {} } }, {
    process(0, function(p)
      local a, b = p:socketpair("stream")
      p:fork(function(c) answer(c, over(c, b, b)) end)
      ask(p, over(p, a, a))
    end),
  }
end

function ways.stream()
  return { channel.socket { transport = transport.sliding_window {} } }, {
    process(1, function(p)
      local s = p:socket("internet", "stream")
      p:bind(s, 7)
      p:listen(s)
      local c = p:accept(s)
      answer(p, over(p, c, c))
    end),
    process(2, function(p)
      local s = p:socket("internet", "stream")
      p:sleep("1ms")
      p:connect(s, 1, 7)
      ask(p, over(p, s, s))
    end),
  }
end

function ways.datagram()
  return { channel.socket { transport = transport.sliding_window {} } }, {
    process(1, function(p)
      local s = p:socket("internet", "datagram")
      p:bind(s, 7)
      answer(p, function(text) p:send_to(s, 2, 8, text) end, function() return p:read(s) end)
    end),
    process(2, function(p)
      local s = p:socket("internet", "datagram")
      p:bind(s, 8)
      p:sleep("1ms")
      ask(p, function(text) p:send_to(s, 1, 7, text) end, function() return p:read(s) end)
    end),
  }
end

-- The word 0 asks, the word 1 answers; two semaphores say that there is something.
function ways.shared_memory()
  local function side(p, mine, its)
    local m = p:attach("line", "rw")
    local said, heard = p:semaphore("line " .. mine, 0), p:semaphore("line " .. its, 0)
    return function(text) p:write(m, mine, tonumber(text)) p:post(said) end,
           function() p:wait(heard) return letter(p:read(m, its)) end
  end
  return { channel.shared_memory {} }, {
    process(0, function(p) ask(p, side(p, 0, 1)) end),
    process(0, function(p) answer(p, side(p, 1, 0)) end),
  }
end

-- The same two words, of a memory that two machines share; each looks every 100 us.
function ways.dsm()
  local function side(p, mine, its)
    local last = 0
    return function(text) p:write(mine, tonumber(text)) end, function()
      local news
      repeat
        p:sleep("100us")
        news = p:read(its)
      until news ~= last
      last = news
      return letter(news)
    end
  end
  return { memory.write_invalidate {} }, {
    process(1, function(p) answer(p, side(p, 1, 0)) end),
    process(2, function(p) ask(p, side(p, 0, 1)) end),
  }
end

local run, both = ways[by]()

return scenario {
  nodes = 3, objects = 2, children = 1,
  run = run,
  processes = both,
}
