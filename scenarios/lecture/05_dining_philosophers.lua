-- How do five philosophers who share five forks all get to eat?
--
-- Each needs the fork to the left and the one to the right. If all take the left one first, all
-- hold one and wait for the next (--set ordered=false). If each takes the fork with the lower
-- number first, the last one reaches for the same fork as the first: no circle can close.

local ordered = param("ordered", true, "the lower number first?")
local philosophers = param("philosophers", 5, "and as many forks")

local function philosopher(p)
  local left, right = p.node - 1, p.node % philosophers
  if ordered and left > right then left, right = right, left end
  for _ = 1, 3 do
    p:sleep("1ms") -- thinks
    p:lock(left)
    p:sleep("3ms") -- reaches across the table
    p:lock(right)
    p:sleep("5ms") -- eats
    p:unlock(right)
    p:unlock(left)
  end
  p:note("has eaten three times")
end

local seats = {}
for i = 1, philosophers do
  seats[i] = process(i, { name = "philosopher " .. i }, philosopher)
end

return scenario {
  nodes = philosophers + 1, resources = philosophers, -- node 0 lays the forks
  run = mutex.coordinator { coordinator = 0 },
  processes = seats,
  expect = {
    mutual_exclusion = "holds", no_deadlock = ordered and "holds" or "fails",
    every_request_granted = ordered and "holds" or "fails",
  },
}
