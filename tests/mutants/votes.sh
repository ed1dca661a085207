# Locks by votes, and by permissions that are kept.
scenario=tests/mutants/lock.lua
for algorithm in carvalho_roucairol maekawa; do
    for property in every_request_granted mutual_exclusion; do
        healthy $algorithm $property
    done
done

# Votes again while its vote is out.
mutant maekawa__votes_twice mutual_exclusion \
    's/if (s->voted_for == DASIM_NOBODY) {/if (true) {/'
# Does not tell who is not the first.
mutant maekawa__does_not_refuse every_request_granted \
    's/send(self, from, FAILED, resource, timestamp);//'
# Does not give back a vote that it cannot use.
mutant maekawa__does_not_yield every_request_granted \
    's/bool cannot_win = .*/bool cannot_win = false;/'
# Gives back a vote while it is inside.
mutant maekawa__yields_inside mutual_exclusion \
    's/s->phase == WANTED && s->timestamp == timestamp/s->timestamp == timestamp/
     s/bool cannot_win = .*/bool cannot_win = true;/'
# Asks its row only: not all quorums meet.
mutant maekawa__asks_its_row_only mutual_exclusion \
    's/ || node % width == self->id % width;/;/'

# Gives its permission and keeps the other one's.
mutant carvalho_roucairol__keeps_what_it_gives mutual_exclusion \
    '/^static void reply/,/^}/s/permitted_of(self, resource)\[to\] = false;//'
# Gives a permission that it needs, and does not ask for it again.
mutant carvalho_roucairol__does_not_ask_again every_request_granted \
    's/if (s->phase == WANTED && had_permission) {/if (false) {/'
# Gives its permission from inside.
mutant carvalho_roucairol__does_not_defer_from_inside mutual_exclusion \
    's/s->phase == HELD || (s->phase == WANTED/(s->phase == WANTED/'
