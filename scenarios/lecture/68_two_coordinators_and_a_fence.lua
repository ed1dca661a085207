-- Two coordinators grant one lock: can that do no harm?
--
-- It can, if each new coordinator begins an epoch that no other one can have, and its grants carry
-- epoch * 2^32 + count. All is as in 67_two_coordinators_one_lock.lua. The resource sees epoch 7 of
-- node 1 at 17 ms, and refuses node 0, who comes with epoch 6 at 27 ms.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    request_timeout = "1ms", alive_timeout = "2ms", epochs = true, fencing = true,
    election = election.bully { timeout = "2ms" },
  },
  links = { latency = "3ms" },
  workload = lock_clients { clients = { 0, 1 }, think = "10ms", hold = "10ms", entries = 1 },
  faults = { at("9ms", crash(2)) },
  settle = "100ms",
  expect = { mutual_exclusion = "fails", fencing_safe = "holds", one_leader_per_term = "fails" },
}
