# Shared memory.
scenario=tests/mutants/memory.lua
for algorithm in write_invalidate improved_manager probable_owner broadcast_manager; do
    for property in coherent every_access_completed linearizable sequentially_consistent \
        single_writer_or_readers; do
        healthy $algorithm $property
    done
done
healthy write_update every_access_completed

# Hands the page over before the copies are void.
mutant write_invalidate__does_not_wait_for_the_copies single_writer_or_readers \
    '/^static void serve/,/^}/s/if (p->missing == 0 || /if (true || /'
# The owner goes on writing when others have copies.
mutant write_invalidate__writes_what_others_read single_writer_or_readers \
    's/p->writable = p->writable && !writes && .*/p->writable = p->writable \&\& !writes;/'
# Does not know that who reads has a copy.
mutant write_invalidate__forgets_who_reads linearizable \
    's/->copy = self->params\[COPY_ON_READ\];/->copy = false;/'
# Those who wait are forgotten.
mutant write_invalidate__loses_its_queue every_access_completed \
    '/^static void finish/,/^}/s/if (p->waiting > 0)/p->waiting = 0;\n    if (false)/'
# A copy does not answer when it is voided.
mutant write_invalidate__does_not_acknowledge every_access_completed \
    's/send(self, from, INVALIDATED, m);//'
# Pages come without what is in them.
mutant write_invalidate__sends_empty_pages coherent \
    '/^static void send_page/,/^}/s/body.values\[i\] = .*;//'

# Takes a copy for valid that was voided before it came.
mutant improved_manager__does_not_wait_for_the_late_copy linearizable \
    '/^static void invalidate/,/^}/s/if (p->fault == READING)/if (false)/'
# Writes when only one copy is known to be void.
mutant improved_manager__counts_one_acknowledgement_for_all single_writer_or_readers \
    's/p->missing > 0 && --p->missing == 0/p->missing > 0 \&\& (p->missing = 0) == 0/'
# Requests that come while its own is under way are thrown away.
mutant improved_manager__does_not_queue every_access_completed \
    '/^static void forwarded/,/^}/s/p->waiting++/p->waiting/'

# A new owner leaves the copies as they are.
mutant probable_owner__leaves_the_copies sequentially_consistent \
    '/^static void own/,/^}/s/if (its->copy && node != self->id)/if (false)/'
# The set of copies does not go with the page.
mutant probable_owner__forgets_the_copy_set linearizable \
    's/share_of(self, number, node)->copy = set.*/share_of(self, number, node)->copy = false;/'
# Says that a write is done and does not do it.
mutant probable_owner__does_not_write coherent \
    '/^static void perform/,/^}/s/object->value = a->its.value;//'

# Does not know who was served already.
mutant broadcast_manager__serves_twice linearizable \
    '/^static void arrived/,/^}/s/->served = (uint32_t)(known \/ 2);/->served = 0;/'
# A new owner writes while copies are still read.
mutant broadcast_manager__writes_before_copies_are_void sequentially_consistent \
    '/^static void own/,/^}/s/if (p->missing == 0)/if (true)/'
