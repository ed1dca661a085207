# Detectors of deadlocks.
scenario=tests/mutants/deadlock.lua
for property in deadlock_detected no_phantom_deadlock; do
    healthy chandy_misra_haas $property
done

# Whoever waits and is asked takes itself for deadlocked.
mutant chandy_misra_haas__takes_any_probe_for_its_own no_phantom_deadlock \
    's/m->initiator == self->id/m->initiator != DASIM_NOBODY/'
# A probe about a resource that was given back meanwhile goes on: the release is in flight.
mutant chandy_misra_haas__does_not_look_whether_it_still_holds no_phantom_deadlock \
    's/bool stale = !s->held ||.*/bool stale = false;/; s/^ *(self->params\[NUMBERED\].*);//'
# Who is asked does not ask further.
mutant chandy_misra_haas__does_not_send_on deadlock_detected \
    's/chase(self, m->initiator, m->number);/;/'
# It never looks.
mutant chandy_misra_haas__never_looks deadlock_detected \
    's/s->look_at = dasim_clock(self) + self->params\[DELAY\];/s->look_at = NEVER;/'
# The books know holders, and tell nobody.
mutant chandy_misra_haas__books_tell_nobody deadlock_detected \
    's/dasim_send(self, to, HOLDER, &m, sizeof m);/(void)to;/'
