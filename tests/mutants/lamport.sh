# Lamport 1978.
scenario=tests/mutants/lock.lua
for property in bounded_bypass every_request_granted granted_in_order mutual_exclusion; do
    healthy lamport $property
done

# Enters as soon as all have acknowledged, whatever its place in the queue.
mutant lamport__does_not_queue mutual_exclusion \
    's/(queue\[node\] != 0 && precedes(.*)))/false)/'
# Enters when it is first in its own queue, acknowledged or not.
mutant lamport__does_not_wait_for_acks mutual_exclusion \
    's/acknowledged\[node\] <= own ||/false ||/'
# Equal timestamps: both are first.
mutant lamport__ignores_ties mutual_exclusion \
    's/(timestamp == other && node < other_node)/false/'
# Takes an ACK for an older request for one of the present one.
mutant lamport__counts_old_acks mutual_exclusion \
    's/acknowledged\[node\] <= own/acknowledged[node] == 0/'
# Equal timestamps: nobody is first.
mutant lamport__nobody_wins_ties every_request_granted \
    's/(timestamp == other && node < other_node)/timestamp == other/'
# Does not look at its queue when somebody has left.
mutant lamport__does_not_look_again every_request_granted \
    '/RELEASE \*\//,/^}/s/enter_if_first(self, resource);//'
# Leaves without taking its request out of the others' queues.
mutant lamport__stays_in_the_queues every_request_granted \
    's/dasim_broadcast(self, RELEASE, &m, sizeof m);//'
# Does not learn the time from others: its ACK is older than the REQUEST.
mutant lamport__does_not_update_its_clock every_request_granted \
    's/my->clock = (timestamp > my->clock ? timestamp : my->clock) + 1;/my->clock++;/'
# Orders its queue by id alone: low ids go first for ever.
mutant lamport__low_ids_go_first bounded_bypass \
    's/return timestamp < other || (.*);/return node < other_node;/'
mutant lamport__orders_by_id granted_in_order \
    's/return timestamp < other || (.*);/return node < other_node;/'
