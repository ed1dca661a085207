#include "observe/notes.h"

#include "observe/names.h"

#include <glib.h>

struct notes {
    GArray *kept; /* note */
    uint64_t total;
};

static void on_record(void *self, const world *w, const record *r)
{
    notes *n = self;
    if (r->kind != RECORD_NOTE || ++n->total > NOTES_KEPT) {
        return;
    }
    GString *text = g_string_new(NULL);
    record_append_body(w, r, text);
    note one = {r->at, r->node, g_string_free(text, FALSE)};
    g_array_append_val(n->kept, one);
}

static void clear(void *data)
{
    g_free(((note *)data)->text);
}

notes *notes_new(void)
{
    notes *n = g_new0(notes, 1);
    n->kept = g_array_new(FALSE, FALSE, sizeof(note));
    g_array_set_clear_func(n->kept, clear);
    return n;
}

void notes_free(notes *n)
{
    if (n) {
        g_array_free(n->kept, TRUE);
        g_free(n);
    }
}

observer notes_observer(notes *n)
{
    return (observer){.self = n, .on_record = on_record};
}

const note *notes_all(const notes *n, uint32_t *kept, uint64_t *total)
{
    *kept = n->kept->len;
    *total = n->total;
    return (const note *)(const void *)n->kept->data;
}
