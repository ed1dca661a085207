# Elections.

scenario=tests/mutants/election.lua
for algorithm in bully chang_roberts; do
    for property in agreement_on_leader one_leader_per_term; do
        healthy $algorithm $property
    done
done

# The new term is not the leader's own: two sides of a partition take the same one.
mutant bully__takes_a_term_that_others_take_too one_leader_per_term \
    's/kept->term = (kept->term .*/kept->term++;/'
# Leads in the term of the leader that it replaces.
mutant bully__does_not_begin_a_new_term one_leader_per_term \
    's/kept->term = (kept->term .*/;/'
# Nobody tells node 0.
mutant bully__leaves_one_out agreement_on_leader \
    '/^static void announce/,/^}/s/uint32_t to = 0/uint32_t to = 1/'
# Does not hold an election when its leader is suspected.
mutant bully__does_not_care_for_the_dead agreement_on_leader \
    '/^static void on_indication/,/^}/s/start_if_none(self);//'

# Believes that it has won as soon as somebody lower asks.
mutant chang_roberts__wins_too_early one_leader_per_term \
    's/} else if (node == self->id) {/} else if (node <= self->id) { node = self->id;/'
# Each node takes itself for the leader when it passes the news on.
mutant chang_roberts__follows_itself one_leader_per_term \
    's/follow(self, node);/follow(self, self->id);/'
# The lowest id goes round.
mutant chang_roberts__swallows_the_higher agreement_on_leader \
    's/} else if (node > self->id) {/} else if (node < self->id) {/'
# The news stops at the first node.
mutant chang_roberts__does_not_pass_on_the_news agreement_on_leader \
    '/if (node != self->id) {/,/}/s/pass_on(self, ELECTED, node);//'
