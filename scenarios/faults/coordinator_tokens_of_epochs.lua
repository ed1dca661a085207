-- How do fencing tokens grow although the coordinator has forgotten what it gave out?
--
-- As in coordinator_tokens_repeat.lua, but a coordinator that comes back begins a new epoch, which
-- it counts in stable storage, and the epoch is the upper half of the token. Two are inside, but
-- the resource can tell them apart.

return scenario {
  nodes = 3,
  run = mutex.coordinator {
    coordinator = 0, request_timeout = "20ms", alive_timeout = "50ms", fencing = true,
    epochs = true,
  },
  links = { latency = "1ms" },
  workload = lock_clients { clients = { 1, 2 }, think = "10ms", hold = "300ms", entries = 1 },
  faults = {
    when("GRANT", nth(1), crash(coordinator(), { lasts = "2ms" })),
    when("GRANT", nth(1), cut(1, 0, { lasts = "400ms" })),
  },
  expect = { mutual_exclusion = "fails", fencing_safe = "holds", every_request_granted = "holds" },
}
