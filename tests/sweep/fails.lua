-- What becomes of a sweep when some of its runs end their process?
return scenario {
  nodes = 2,
  run = mutex.fails { how = param("how", 0) },
  links = { latency = "1000s" },
  workload = lock_clients { clients = { 0 }, think = "1ms", hold = "1ms", entries = 20 },
  duration = "10s",
}
