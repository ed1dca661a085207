-- What does one lost permission do where permissions are kept?
--
-- Its sender does not have it any more, and its receiver does not have it yet. The receiver waits
-- for ever, and defers its answer to all who ask it.

return scenario {
  nodes = 4,
  run = mutex.carvalho_roucairol {},
  links = { latency = "1ms" },
  workload = lock_clients { think = "10ms", hold = "5ms", entries = 2 },
  faults = { drop("REPLY", nth(4)) },
  expect = { mutual_exclusion = "holds", every_request_granted = "fails" },
}
