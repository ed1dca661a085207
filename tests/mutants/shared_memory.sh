# Memory within a machine, and what keeps its processes apart.
scenario=tests/mutants/shared.lua
healthy shared_memory race_free

# A mutex that is locked is given to the next one, too.
mutant shared_memory__shares_its_mutexes race_free \
    's/: o->kind == MUTEX   ? o->owner != 0/: o->kind == MUTEX ? false/'
# A semaphore does not count down.
mutant shared_memory__does_not_count race_free 's/^        o->count--;$/;/'
# Who is signalled goes on inside of the monitor while the other is still there.
mutant shared_memory__lets_two_into_a_monitor race_free \
    '/^static void signal/,/^}/s/queue_up(self, woken, QUEUEING, number);/answer(self, woken, 0);/'
# A shared lock of a file is given beside an exclusive one.
mutant shared_memory__reads_beside_a_writer race_free \
    's/!(shared && other->locked == LOCKED_SHARED)/!shared/'
# Who waits for a mutex takes it from its owner.
mutant shared_memory__robs_the_owner race_free \
    's/^    queue_up(self, t, QUEUEING, number);$/&\n    o->owner = 0;/'
