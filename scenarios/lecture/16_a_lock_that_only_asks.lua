-- A file is locked, and still somebody else writes to it: how can that be?
--
-- The locks of files are advisory: flock keeps out those who ask for it, nobody else. Two tellers
-- ask, a third does not (--set asks=true: it does). And a file is slow: 150 us an access, where
-- memory takes 100 ns.

local asks = param("asks", false, "does the third teller ask for the lock?")

local function teller(careful)
  return function(p)
    local ledger = p:attach("ledger", "rw", { file = true })
    if careful then p:flock(ledger, "exclusive") end
    local balance = p:read(ledger, 0)
    p:write(ledger, 0, balance + 1)
    if careful then p:flock(ledger, "unlock") end
    p:note("has written " .. balance + 1)
  end
end

return scenario {
  nodes = 1,
  run = channel.shared_memory { file_step = "150us", lock = "0s" },
  processes = {
    process(0, { name = "first" }, teller(true)),
    process(0, { name = "second" }, teller(true)),
    process(0, { name = "third" }, teller(asks)),
  },
  expect = { race_free = asks and "holds" or "fails" },
}
