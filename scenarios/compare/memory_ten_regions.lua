-- Which shared memory for ten cloud regions all over the world?
--
-- One node in each region reads and writes ten variables, each in a page of its own, one access
-- after the other. The same accesses for every protocol: `--set algorithm=write_update`; more of
-- them write with `--set writes=50%`. Write-update also with `--set sequencer=true`.

local algorithm = param("algorithm", "write_invalidate", "any memory of `dasim list`")
local options = {}

if algorithm == "write_update" then
  options.sequencer = param("sequencer", false, "node 0 gives all changes their order")
end

return scenario {
  nodes = 10,
  objects = 10,
  run = memory[algorithm](options),
  links = { matrix = matrix("../data/cloud_regions_rtt_ms.csv", { unit = "ms", half = true }) },
  workload = memory_clients {
    think = exponential("1s"), accesses = param("accesses", 100, "per client"),
    writes = param("writes", "5%", "of all accesses"), pick = "random",
  },
}
