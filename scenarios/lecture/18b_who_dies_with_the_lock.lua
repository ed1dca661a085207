-- What becomes of those who wait for a mutex when its owner dies?
--
-- As POSIX has it, they wait for ever: nobody else may unlock it, and what it protects may be half
-- done. A robust mutex (--set robust=true) is given to the next one, who is told: EOWNERDEAD. It
-- repairs the account, says so (p:consistent), and all is well.

local robust = param("robust", false, "is the mutex robust?")

return scenario {
  nodes = 1,
  run = channel.shared_memory {},
  processes = {
    process(0, { name = "clumsy" }, function(p)
      local account, m = p:attach("account", "rw"), p:mutex("account", { robust = robust })
      p:lock(m)
      p:write(account, 0, 70) -- 30 are on their way from here ...
      p:exit(1)               -- ... to there
    end),
    process(0, { name = "heir" }, function(p)
      local account, m = p:attach("account", "rw"), p:mutex("account", { robust = robust })
      p:sleep("1us")
      local _, why = p:lock(m)
      p:note("is inside: " .. tostring(why) .. ", finds " .. p:read(account, 0))
      if why == "EOWNERDEAD" then
        p:write(account, 1, 30)
        p:consistent(m)
      end
      p:unlock(m)
    end),
  },
  expect = { race_free = "holds" },
}
