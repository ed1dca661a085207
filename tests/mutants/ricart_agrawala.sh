# Ricart-Agrawala: plain, then hardened.
scenario=tests/mutants/lock.lua
for property in bounded_bypass every_request_granted granted_in_order mutual_exclusion; do
    healthy ricart_agrawala $property
done

# Equal timestamps: both let the other one in.
mutant ricart_agrawala__ignores_ties mutual_exclusion \
    's/s->timestamp < timestamp || (.*);/s->timestamp < timestamp;/'
# Equal timestamps: both wait for the other one.
mutant ricart_agrawala__both_win_ties every_request_granted \
    's/s->timestamp < timestamp || (.*);/s->timestamp <= timestamp;/'
# Enters one reply short.
mutant ricart_agrawala__is_one_reply_short mutual_exclusion \
    's/s->missing == 0)/s->missing <= 1)/'
# Replies at once to everybody, also from inside.
mutant ricart_agrawala__never_defers mutual_exclusion \
    's/\*deferred = timestamp > \*deferred.*/reply(self, from, resource, timestamp);/'
# Forgets to answer those that were deferred.
mutant ricart_agrawala__forgets_the_deferred every_request_granted \
    '/^static void release/,/^}/s/reconsider(self, node, resource);//'
# Does not learn the time from others: its next request looks older than it is.
mutant ricart_agrawala__does_not_update_its_clock granted_in_order \
    's/my->clock = clock > my->clock.*/(void)my;/'

# Hardened: loss, copies, disorder; nodes crash, and come back.
scenario=tests/mutants/hardened_lock.lua
healthy ricart_agrawala every_request_granted
healthy ricart_agrawala mutual_exclusion
# A REPLY to an older request counts.
mutant ricart_agrawala__ignores_the_echo mutual_exclusion \
    's/m->timestamp != s->timestamp || //'
# A REPLY that comes twice counts twice.
mutant ricart_agrawala__counts_copies mutual_exclusion \
    's/ || \*standing != OWES//'
# The clock is not written down: after a crash it begins anew.
mutant ricart_agrawala__forgets_its_clock mutual_exclusion \
    's/((memory \*)self->stable)->clock = my->clock;//'
# Who was left out is agreed to, but not asked.
mutant ricart_agrawala__does_not_ask_who_is_back mutual_exclusion \
    's/s->phase == WANTED && \*standing == LEFT_OUT/false/'
# Asks once more only once.
mutant ricart_agrawala__retries_once every_request_granted \
    's/my->retrying = my->retrying && timer != RETRY;//'
# Waits for the dead.
mutant ricart_agrawala__keeps_the_dead every_request_granted \
    's/\*standing = LEFT_OUT;/return;/'
