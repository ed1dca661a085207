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
