-- Is a planted bug found in what keeps processes of a machine apart? Four of them share a word for
-- each cure: a mutex, a semaphore, a monitor of turns, the lock of a file.
local verdicts = { [param("property", "race_free")] = param("verdict", "fails") }

local function worker(turn)
  return function(p)
    local words = p:attach("words", "rw")
    local file = p:attach("ledger", "rw", { file = true })
    local mutex, one = p:mutex("mutex"), p:semaphore("one", 1)
    local turns = p:monitor("turns")
    local function add(what, word)
      p:write(what, word, p:read(what, word) + 1)
    end
    for round = 0, 9 do
      p:lock(mutex)
      add(words, 0)
      p:unlock(mutex)
      p:sleep(exponential("300ns"))
      p:wait(one)
      add(words, 1)
      p:post(one)
      p:sleep(exponential("300ns"))
      p:enter(turns)
      while p:read(words, 2) ~= round * 4 + turn do
        p:wait(turns, "next")
      end
      add(words, 2)
      p:broadcast(turns, "next")
      p:leave(turns)
      p:flock(file, round % 2 == 0 and "exclusive" or "shared")
      if round % 2 == 0 then add(file, 0) else p:read(file, 0) end
      p:flock(file, "unlock")
    end
  end
end

return scenario {
  nodes     = 1,
  run       = channel[param("algorithm", "shared_memory")] { file_step = "1us" },
  processes = {
    process(0, worker(0)), process(0, worker(1)), process(0, worker(2)), process(0, worker(3)),
  },
  expect    = verdicts,
}
