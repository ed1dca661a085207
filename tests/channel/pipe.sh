# shellcheck shell=bash
# Pipes: called by run.
compare pipe_random pipe "pipe: ${operations:-200000} random operations are as the kernel does them" \
    "${operations:-200000}" "$seed"

mutant pipe_random pipe merges_what_does_not_fit \
    's/s->offset + s->size + piece <= PAGE/s->size + piece <= PAGE/'
mutant pipe_random pipe never_merges 's/piece == 0 || waited/true || waited/'
mutant pipe_random pipe ends_too_early \
    's/size == 0 || (p->count == 0 \&\& p->writers > 0/size == 0 || (p->count == 0 \&\& p->writers > 1/'
mutant pipe_random pipe forgets_duplicates 's/if (--f->references > 0)/if (--f->references > 1)/'
mutant pipe_random pipe tears_small_writes \
    's/piece = LEAST(size - done, PAGE);/piece = LEAST(size - done, PAGE - 1);/'
mutant pipe_random pipe breaks_empty_writes 's/if (size == 0 || p->readers == 0) {/if (p->readers == 0) {/'
mutant pipe_random pipe has_another_slot 's/SLOTS = 16/SLOTS = 17/'
mutant pipe_random pipe hangs_up_before_anybody_wrote 's/ \&\& f->seen != p->write_opens + 1//'

compare pipe_blocking pipe "pipe: what comes of calls that wait is what the model allows" \
    "${operations:-200000}" "$seed"

mutant pipe_blocking pipe loses_the_count_of_a_broken_write \
    's/done > 0 ? (int64_t)done : BROKEN/BROKEN/'
mutant pipe_blocking pipe ends_for_a_reader_that_waits \
    's/p->count > 0 || p->writers == 0 ? first_in/p->count > 0 || p->writers == 1 ? first_in/'
mutant pipe_blocking pipe opens_without_a_partner 's/if (alone \&\& !nonblock) {/if (false) {/'
mutant pipe_blocking pipe wakes_all_readers 's/wanted = MY->processes\[who\].left;/wanted = 1;/'
mutant pipe_blocking pipe tears_what_waited \
    's/uint32_t piece = piece_of(self, chunk, its->size);/uint32_t piece = chunk > 1 ? chunk \/ 2 : chunk;/'

compare pipe_posix pipe "pipe: with posix small writes stay whole and long ones do not" \
    "${operations:-200000}" "$seed"

mutant pipe_posix pipe tears_what_posix_promises \
    's/size > self->params\[PIPE_BUF\]/size > self->params[PIPE_BUF] - 100/'
mutant pipe_posix pipe loses_what_waited 's/its->offset += is_last ? 0 : done;/its->offset += 0;/'
