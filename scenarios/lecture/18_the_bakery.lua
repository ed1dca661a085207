-- How can processes keep each other out with nothing but reading and writing?
--
-- Lamport's bakery: in the doorway everybody draws a number larger than all that it sees; the
-- lowest enters, of equal ones that of the lowest process. Who is still choosing is waited for.
-- Without that (--set choosing=false) one whose number is not written yet is overlooked, and then
-- two are inside: customer 0 is held up in the doorway to show it. Who has left the doorway before
-- another comes to it enters first, which each asserts.
-- The words of the doorway are atomic: who sees a value knows what its writer did before. What they
-- protect is not, so that race_free tells whether two were inside.
-- (L. Lamport, "A New Solution of Dijkstra's Concurrent Programming Problem", CACM 17(8), 1974)

local choosing = param("choosing", true, "wait for those who are choosing?")
local customers = param("customers", 4, "processes")

local drawn, served = {}, {} -- visits that have left the doorway, that have entered: for the assert

local function customer(me)
  return function(p)
    local doorway = p:attach("choosing", "rw", { atomic = true })
    local number = p:attach("number", "rw", { atomic = true })
    local bread = p:attach("bread", "rw")

    local function lock()
      p:write(doorway, me, 1)
      local ticket = 1
      for other = 0, customers - 1 do
        ticket = math.max(ticket, p:read(number, other) + 1)
      end
      if me == 0 then p:sleep("2us") end
      p:write(number, me, ticket)
      p:write(doorway, me, 0)
      drawn[#drawn + 1] = me .. "/" .. ticket
      for other = 0, customers - 1 do
        while choosing and p:read(doorway, other) == 1 do end
        while true do
          local its = p:read(number, other)
          if its == 0 or its > ticket or its == ticket and other >= me then break end
        end
      end
      return ticket
    end

    for _ = 1, 2 do
      local before = #drawn
      local ticket = lock()
      for i = 1, before do assert(served[drawn[i]], "first come, but not first served") end
      served[me .. "/" .. ticket] = true
      local sold = p:read(bread, 0)
      p:sleep("500ns")
      p:write(bread, 0, sold + 1)
      p:note("with ticket " .. ticket .. " gets loaf " .. sold + 1)
      p:write(number, me, 0)
    end
  end
end

local crowd = {}
for i = 1, customers do
  crowd[i] = process(0, { name = "customer " .. i - 1 }, customer(i - 1))
end

return scenario {
  nodes = 1,
  run = channel.shared_memory {},
  processes = crowd,
  expect = { race_free = choosing and "holds" or "fails" },
}
