-- Can the loss of the token be noticed without a clock?
--
-- Yes, by a second one, PONG, that goes round behind it. Neither can overtake the other, so that
-- whoever sees PONG twice and TOKEN not once in between knows that TOKEN is lost. It is lost on the
-- way to node 1 at 12 ms; PONG comes by there at 13 ms, and node 1 makes a new TOKEN.

return scenario {
  nodes = 4,
  run = mutex.two_tokens {},
  links = { latency = "1ms", fifo = true },
  workload = lock_clients { think = "20ms", hold = "5ms", entries = 1 },
  faults = { drop("TOKEN", nth(13)) },
  expect = { mutual_exclusion = "holds", single_token = "holds", every_request_granted = "holds" },
}
