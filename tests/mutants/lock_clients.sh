# Clients that take several locks, the lowest first.
scenario=tests/mutants/lock.lua
for algorithm in coordinator ricart_agrawala; do
    healthy $algorithm no_deadlock
done
for property in every_request_granted mutual_exclusion no_deadlock; do
    "$DASIM" run tests/mutants/lock_clients.lua --seed 1 --set "property=$property" \
        --set verdict=holds >"$work/lock_clients.$property.log" 2>&1
    report $? "ordered clients as they are keep $property" "$work/lock_clients.$property.log"
done

# They take them as they were picked.
host_mutant lock_clients__does_not_order no_deadlock sim/drive/lock_clients.c tests/mutants/lock_clients.lua \
    's/load->config.ordered && i < count/false/'
# One of them takes the highest first.
host_mutant lock_clients__one_goes_against_the_order no_deadlock sim/drive/lock_clients.c \
    tests/mutants/lock_clients.lua \
    's/taken\[i\] = sorted\[i\];/taken[i] = sorted[node == 3 ? count - 1 - i : i];/'
# They give back only one of them.
host_mutant lock_clients__keeps_one no_deadlock sim/drive/lock_clients.c tests/mutants/lock_clients.lua \
    's/if (c->held >> i & 1) {/if (i == 0 \&\& (c->held \& 1)) {/'
