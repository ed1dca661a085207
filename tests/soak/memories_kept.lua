-- Do shared memories keep what they promise in any world that keeps what they assume?
--
-- Messages arrive, once, after any time and in any order, but for the sequencer's; nodes do not
-- fail, but pause. Sizes, objects, load and delays are drawn from the seed.

local some = function(list) return list[math.random(#list)] end
local size = { page_size = "1KiB", object_size = some { "1KiB", "512B", "100B" } }
local function sized(more)
  for key, value in pairs(size) do more[key] = value end
  return more
end
local memories = {
  memory.write_invalidate(sized { manager = math.random(0, 7) }),
  memory.write_invalidate(sized { copy_on_read = false }),
  memory.improved_manager(sized { manager = math.random(0, 7) }),
  memory.improved_manager(sized { distributed = true }),
  memory.probable_owner(sized { first_owner = math.random(0, 7) }),
  memory.broadcast_manager(sized { first_owner = math.random(0, 7) }),
  memory.write_update { sequencer = true, at = math.random(0, 7) },
}
local which = math.random(#memories)

return scenario {
  nodes = math.random(1, 8),
  objects = math.random(1, 6),
  run = memories[which],
  links = {
    latency = some {
      fixed("1ms"), exponential("3ms"), uniform("0ms", "10ms"), pareto("500us", 1.2),
    },
    reorder = some { "0%", "20%" }, fifo = which == #memories or some { false, true },
  },
  shuffle_ties = some { false, true },
  workload = memory_clients {
    think = exponential(some { "100us", "1ms", "10ms" }), accesses = 20,
    writes = some { "10%", "30%", "60%" }, pick = some { "random", "round_robin" },
  },
  faults = {
    chaos { pause = { every = exponential("20ms"), down = some { "1ms", "30ms" } }, until_ = "1s" },
  },
  expect = { sequentially_consistent = "holds", every_access_completed = "holds" },
}
