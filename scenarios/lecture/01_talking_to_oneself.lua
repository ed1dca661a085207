-- What is a pipe?
--
-- A buffer of the kernel with two ends, which a process holds as descriptors. Here one process
-- holds both and talks to itself: what it writes stays in the pipe until it reads it, in the
-- order of writing, as a stream of bytes: two writes may be one read, and one write several
-- reads. Only when the pipe is full does it notice that nobody else is there: it would wait for
-- itself for ever (--set wait=true), or is told so if it asked not to wait.

local wait = param("wait", false, "when the pipe is full?")

local function talker(p)
  local r, w = p:pipe()
  p:note("reads from " .. tostring(r) .. ", writes to " .. tostring(w))
  p:write(w, "hello, ")
  p:write(w, "world")
  p:note(p:available(r) .. " bytes wait in the pipe")
  p:note("the first read gets '" .. p:read(r, 5) .. "', the second '" .. p:read(r, 100) .. "'")

  if not wait then p:nonblock(w, true) end
  local bytes, page = 0, string.rep("x", 4096)
  while true do
    local count, problem = p:write(w, page)
    if not count then
      p:note("after " .. bytes .. " bytes: " .. problem)
      break
    end
    bytes = bytes + count
  end
  p:close(w)
  local read = 0
  repeat
    local text = p:read(r)
    read = read + #text
  until text == ""
  p:note("read " .. read .. " bytes, then the end")
end

return scenario {
  nodes = 1,
  run = channel.pipe {},
  processes = { process(0, { name = "talker" }, talker) },
}
