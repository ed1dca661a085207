-- What if a change is told to all, instead of their copies being taken away?
--
-- Write-update: everybody has a copy of everything at all times. Reading is free, a write costs n-1
-- = 3 messages, and all three then read what was written. With `--set algorithm=write_invalidate` a
-- write takes three copies away (6 messages), and each read brings one back (3).

return scenario {
  nodes = 4,
  run = memory[param("algorithm", "write_update")] {},
  links = { latency = "1ms" },
  workload = programs {
    [0] = { wait("20ms"), write(0, 1), wait("20ms"), write(0, 2) },
    [1] = { read(0), wait("30ms"), read(0), wait("20ms"), read(0) },
    [2] = { read(0), wait("30ms"), read(0), wait("20ms"), read(0) },
    [3] = { read(0), wait("30ms"), read(0), wait("20ms"), read(0) },
  },
  warm_up = "15ms",
}
