-- Can a deadlock be avoided by who gives, if all say beforehand how much they may want?
--
-- Dijkstra's banker gives only what leaves a safe state: one in which all can finish, one after
-- the other, even if each asks for all that it may. Five processes, three kinds of resources (10,
-- 5, 7), the numbers of Silberschatz, Galvin, Gagne, "Operating System Concepts". The banker's
-- books lie in shared memory, and a lock guards them. 16 orders are safe at first; P1 may have
-- (1,0,2), which leaves 8; P4 asks for (3,3,0), which is not there; P0 for (0,2,0), which is there
-- but not safe.
--
-- With --set banker=false whatever is there is given: P0 gets it, and nobody ever finishes.

local banker = param("banker", true, "does it look ahead?")
local kinds, people = 3, 5
local all = { 10, 5, 7 }
local has = { { 0, 1, 0 }, { 2, 0, 0 }, { 3, 0, 2 }, { 2, 1, 1 }, { 0, 0, 2 } }
local claims = { { 7, 5, 3 }, { 3, 2, 2 }, { 9, 0, 2 }, { 2, 2, 2 }, { 4, 3, 3 } }

local function at_most(a, b) return a[1] <= b[1] and a[2] <= b[2] and a[3] <= b[3] end
local function sum(a, b, sign)
  return { a[1] + sign * b[1], a[2] + sign * b[2], a[3] + sign * b[3] }
end
local function words(v) return "(" .. table.concat(v, ",") .. ")" end

-- The books: object (i - 1) * 3 + k - 1 is how much of kind k process i has.
local function read_books(p)
  local books, free = {}, all
  for i = 1, people do
    books[i] = {}
    for k = 1, kinds do books[i][k] = p:read((i - 1) * kinds + k - 1) end
    free = sum(free, books[i], -1)
  end
  return books, free
end

local function write_books(p, i, holding)
  for k = 1, kinds do p:write((i - 1) * kinds + k - 1, holding[k]) end
end

-- In how many orders can those who are not done finish?
local function safe_orders(books, free, done)
  local count, left = 0, false
  for i = 1, people do
    if not done[i] then
      left = true
      if at_most(sum(claims[i], books[i], -1), free) then
        done[i] = true
        count = count + safe_orders(books, sum(free, books[i], 1), done)
        done[i] = false
      end
    end
  end
  return left and count or 1
end

-- "granted", or why not.
local function ask(p, i, wish)
  p:lock(0)
  local books, free = read_books(p)
  local answer = "granted"
  books[i] = sum(books[i], wish, 1)
  if not at_most(wish, free) then
    answer = "not available: there is " .. words(free)
  elseif banker and safe_orders(books, sum(free, wish, -1), {}) == 0 then
    answer = "not safe"
  else
    write_books(p, i, books[i])
  end
  p:unlock(0)
  return answer
end

local function note_orders(p)
  p:lock(0)
  local books, free = read_books(p)
  p:unlock(0)
  p:note(safe_orders(books, free, {}) .. " safe orders")
end

local function wish_at(p, time, i, wish)
  p:sleep(time - p:now())
  p:note("asks for " .. words(wish) .. ": " .. ask(p, i, wish))
end

-- Asks for the rest of its claim until it has it, works, and gives back.
local function finish(p, i)
  p:sleep(3 * s - p:now())
  for _ = 1, 20 do
    p:lock(0)
    local mine = read_books(p)[i]
    p:unlock(0)
    if ask(p, i, sum(claims[i], mine, -1)) == "granted" then
      p:sleep("10ms")
      p:lock(0)
      write_books(p, i, { 0, 0, 0 })
      p:unlock(0)
      p:note("has finished")
      return
    end
    p:sleep("500ms")
  end
  p:note("has waited in vain")
end

return scenario {
  nodes = people, resources = people * kinds,
  run = { mutex.coordinator { coordinator = 0 }, memory.write_invalidate {} },
  processes = {
    process(0, { name = "P0" }, function(p)
      for i = 1, people do write_books(p, i, has[i]) end
      note_orders(p)
      wish_at(p, 2500 * ms, 1, { 0, 2, 0 })
      finish(p, 1)
    end),
    process(1, { name = "P1" }, function(p)
      wish_at(p, 1 * s, 2, { 1, 0, 2 })
      note_orders(p)
      finish(p, 2)
    end),
    process(2, { name = "P2" }, function(p) finish(p, 3) end),
    process(3, { name = "P3" }, function(p) finish(p, 4) end),
    process(4, { name = "P4" }, function(p)
      wish_at(p, 2 * s, 5, { 3, 3, 0 })
      finish(p, 5)
    end),
  },
  expect = {
    mutual_exclusion = "holds", every_request_granted = "holds", every_access_completed = "holds",
    linearizable = "holds",
  },
}
