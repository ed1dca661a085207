-- How large a run does the page show? 16 nodes, about 63 records for each entry of one of them.
return scenario {
  nodes    = 16,
  run      = mutex.ricart_agrawala {},
  links    = { latency = exponential("1ms") },
  workload = lock_clients { think = exponential("40ms"), hold = "2ms",
                            entries = param("entries", 100) },
}
