# The coordinator lock: plain, then hardened over an election.
scenario=tests/mutants/lock.lua
for property in bounded_bypass every_request_granted fencing_safe granted_in_order mutual_exclusion; do
    healthy coordinator $property
done

# The coordinator forgets that somebody holds the resource.
mutant coordinator__grants_twice mutual_exclusion \
    '/^static void serve/,/^}/s/b.its->holder == DASIM_NOBODY && //'
# The coordinator loses its queue with every RELEASE.
mutant coordinator__loses_its_queue every_request_granted \
    '/^static void released/,/^}/s/    serve(self/    b.its->waiting = 0;\n&/'
# The coordinator does not listen to RELEASE.
mutant coordinator__ignores_release every_request_granted \
    's/released(self, from, m);//'
# The coordinator grants to who came last: a stack, not a queue.
mutant coordinator__serves_the_last_first granted_in_order \
    's/b.queue\[b.its->first\];/b.queue[(b.its->first + b.its->waiting - 1) % self->nodes];/
     s/b.its->first = (b.its->first + 1) % self->nodes;//'

# The same with a client that may be passed for ever.
mutant coordinator__lets_the_first_wait bounded_bypass \
    's/b.queue\[b.its->first\];/b.queue[(b.its->first + b.its->waiting - 1) % self->nodes];/
     s/b.its->first = (b.its->first + 1) % self->nodes;//'

# The hardened coordinator lock, over an election.
scenario=tests/mutants/coordinator.lua
for property in mutual_exclusion every_request_granted fencing_safe; do
    healthy coordinator $property
done

# A new coordinator does not note who says HOLD.
mutant coordinator__polls_and_forgets_the_holder mutual_exclusion \
    '/^static void holds/,/^}/s/b.its->holder = from;//'
# A new coordinator grants before all have answered.
mutant coordinator__does_not_wait_for_answers mutual_exclusion \
    '/^static void serve/,/^}/s/b.its->missing == 0 && //'
# The RELEASE of an earlier request frees the next holder's.
mutant coordinator__ignores_ids_of_releases mutual_exclusion \
    '/^static void released/,/^}/{s/b.its->holder == from && !is_late/true/}'
# A GRANT of an earlier request lets in.
mutant coordinator__ignores_ids_of_grants mutual_exclusion \
    's/l->phase != IDLE && l->request == m->id;/l->phase != IDLE;/'
# A GRANT of a former coordinator lets in.
mutant coordinator__ignores_epochs mutual_exclusion \
    's/bool is_old = m->epoch < kept->epoch;/bool is_old = false;/'
# Who is asked to be patient for a whole lease is so for a tenth of it.
mutant coordinator__gives_up_too_early mutual_exclusion \
    's/now - b.its->since >= patience/now - b.its->since >= patience \/ 10/'
# Nobody asks the holder whether it is alive.
mutant coordinator__does_not_press every_request_granted \
    '/^static bool is_new/,/^}/s/press(self, m->resource);//'
# The coordinator is never suspected.
mutant coordinator__does_not_count_tries every_request_granted \
    's/++l->tries >= TRIES/false/'
# All grants of an epoch have one token.
mutant coordinator__does_not_count_grants fencing_safe \
    's/b.its->grants++;/b.its->grants = 1;/'
# The token is kept for itself.
mutant coordinator__gives_no_tokens fencing_safe \
    's/self->params\[FENCING\] ? (uint64_t)/false ? (uint64_t)/'
