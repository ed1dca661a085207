# Locks that pass a token.
scenario=tests/mutants/lock.lua
for algorithm in naimi_trehel raymond suzuki_kasami token_ring two_tokens; do
    for property in mutual_exclusion every_request_granted single_token; do
        healthy $algorithm $property
    done
done

# Takes an old request for a new one: the token goes where nobody wants it.
mutant suzuki_kasami__serves_old_requests every_request_granted \
    's/== t->numbers\[node\] + 1;/>= t->numbers[node];/'
# Does not remember who was served: all requests look new but the first.
mutant suzuki_kasami__forgets_who_was_served every_request_granted \
    's/t->numbers\[self->id\] = requested_of.*/(void)t;/'
# Hands the token on while its client is inside.
mutant suzuki_kasami__does_not_wait_for_its_client mutual_exclusion \
    's/if (s->has_token && !s->inside) {/if (s->has_token) {/'
# Hands the token on and has it still.
mutant suzuki_kasami__keeps_what_it_hands_on single_token \
    's/section_of(self, resource)->has_token = false;//'

# Asks for the token, but not again for those who are left when it goes.
mutant raymond__does_not_ask_on every_request_granted \
    '/^static void assign_token/,/^}/s/s->asked = false;//'
# Hands the token on while its client is inside.
mutant raymond__does_not_wait_for_its_client mutual_exclusion \
    's/if (!s->token || s->inside || s->waiting == 0) {/if (!s->token || s->waiting == 0) {/'
# Hands the token on and has it still.
mutant raymond__keeps_what_it_hands_on single_token \
    '/^static void assign_token/,/^}/s/s->token = false;//'

# Does not reverse the path: the next request ends where the last one did.
mutant naimi_trehel__does_not_reverse_the_path every_request_granted \
    '/^static void requested/,/^}/s/    s->last = requester;//'
# Sends the token at once to who asks.
mutant naimi_trehel__does_not_wait_for_its_client mutual_exclusion \
    's/} else if (s->wanted) {/} else if (s->wanted \&\& !s->token) {/'
# Hands the token on and has it still.
mutant naimi_trehel__keeps_what_it_hands_on single_token \
    '/^static void send_token/,/^}/s/section_of(self, resource)->token = false;//'

# Every node starts with a token.
mutant token_ring__starts_with_many_tokens single_token \
    's/self->id == r % self->nodes/true/'
# Hands the token on and has it still.
mutant token_ring__keeps_what_it_hands_on single_token \
    '/^static void hand_on/,/^}/s/p->token = false;//'
# Hands the token on twice.
mutant token_ring__hands_on_twice single_token \
    's/^    send(self, to, TOKEN, m);/&&/'
# Does not wait for the token.
mutant token_ring__enters_without_the_token mutual_exclusion \
    's/if (p->token && !p->inside) {/if (!p->inside) {/'
# Keeps the token after it has left.
mutant token_ring__does_not_hand_on_when_it_leaves every_request_granted \
    '/^static void release/,/^}/s/hand_on(self, resource);//'

# Takes each second round of PONG for the loss of the token.
mutant two_tokens__forgets_to_change_the_numbers single_token \
    's/^        number--;$//; s/p->number++;//'
# Makes a token anew each time that it sees PONG.
mutant two_tokens__makes_it_anew_too_often mutual_exclusion \
    's/bool token_is_lost = .*/bool token_is_lost = !p->token;/'
# Hands the token on while its client is inside.
mutant two_tokens__does_not_wait_for_its_client mutual_exclusion \
    's/^        p->inside = true;/        hand_on(self, resource);/'

# The hardened token ring.
scenario=tests/mutants/token_ring.lua
for property in every_request_granted fencing_safe mutual_exclusion; do
    healthy token_ring $property
done

# Takes each copy of a token for another one.
mutant token_ring__takes_copies mutual_exclusion \
    's/if (m->epoch < s->epoch || .*/if (false) {/'
# Takes a token of an old epoch.
mutant token_ring__takes_old_epochs mutual_exclusion \
    's/if (m->epoch < s->epoch || .*/if (m->epoch == s->epoch \&\& m->count <= s->count) {/'
# Makes a new token before all have given up the old one.
mutant token_ring__does_not_wait_for_answers mutual_exclusion \
    's/if (all || last) {/if (true) {/'
# Says that it has given the token up while its client is inside.
mutant token_ring__gives_up_what_it_uses mutual_exclusion \
    's/p->void_after});/0});/'
# Never misses the token.
mutant token_ring__does_not_miss_the_token every_request_granted \
    's/place_of(self, resource)->deadline = .*/;/'
# Each epoch has one fencing token, whatever the steps.
mutant token_ring__fences_by_epoch fencing_safe \
    's/lock.fencing = (uint64_t)s->epoch << 32 | s->count;/lock.fencing = s->epoch;/'
# All grants of a node have one fencing token.
mutant token_ring__fences_by_node fencing_safe \
    's/lock.fencing = (uint64_t)s->epoch << 32 | s->count;/lock.fencing = 1 + self->id % 2;/'
