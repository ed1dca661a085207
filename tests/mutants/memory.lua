-- Is a planted bug in a shared memory found? Five clients, few objects, messages that overtake each
-- other.
local verdicts = { [param("property", "single_writer_or_readers")] = param("verdict", "fails") }

return scenario {
  nodes    = 5,
  objects  = 3,
  run      = memory[param("algorithm", "write_invalidate")] {},
  links    = { latency = exponential("3ms") },
  workload = memory_clients { think = exponential("5ms"), accesses = 100, writes = "40%" },
  expect   = verdicts,
  settle   = "10s",
}
