/* The inverse of native_columns.c. Whatever a file says is bounded here; whether it makes sense in
 * the world of the run, native_read.c decides. */
#include "export/native_decode.h"

enum { BODY_MOST = ARGUMENT_MOST };

void decoder_init(decoder *d)
{
    *d = (decoder){.shapes = g_new0(record, FRAME_RECORDS)};
}

void decoder_clear(decoder *d)
{
    g_free(d->shapes);
}

static void read_shape(cursor *in, record *shape)
{
    uint64_t what = get_up_to(in, 0xFFFFFF);
    *shape = (record){.kind = what & 0xFF,
                      .component = (uint8_t)(what >> 8),
                      .reason = (uint8_t)(what >> 16),
                      .type = (uint32_t)get_up_to(in, UINT32_MAX),
                      .size = (uint32_t)get_up_to(in, BODY_MOST)};
    in->bad |= shape->kind >= RECORD_KINDS || shape->reason >= REASON_KINDS;
}

/* The group of changes that comes next: when it is found is known, the rest is read later. */
static bool read_next_found(decoder *d)
{
    cursor *in = &d->column[COLUMN_CHANGES];
    d->change_found = 0;
    if (in->at < in->end) {
        uint64_t step = get_number(in);
        d->change_found = d->change_at + step;
        return !in->bad && step > 0 && step <= (uint64_t)d->count + 1 &&
               d->change_found <= d->first + d->count;
    }
    return true;
}

bool decoder_begin(decoder *d, const blob *contents, const frame_header *header)
{
    cursor in = {contents->bytes, contents->bytes + contents->size, false};
    d->count = header->count;
    d->first = header->first;
    d->done = 0;
    d->ahead = d->node = d->change_node = 0;
    d->change_at = header->first - 1;
    d->shape_count = (uint32_t)get_up_to(&in, header->count);
    for (uint32_t i = 0; i < d->shape_count; i++) {
        read_shape(&in, &d->shapes[i]);
    }
    d->at = (int64_t)get_up_to(&in, INT64_MAX);
    d->clocked = (uint32_t)get_up_to(&in, header->count);
    for (int i = 0; i < COLUMNS; i++) {
        d->column[i] = get_piece(&in);
        in.bad |= d->column[i].bad;
    }
    return !in.bad && in.at == in.end && read_next_found(d);
}

static bool begin_record(decoder *d, record *r)
{
    uint64_t shape = get_number(&d->column[COLUMN_SHAPE]);
    uint64_t back = get_number(&d->column[COLUMN_CAUSE]);
    if (d->done >= d->count || shape >= d->shape_count) {
        return false;
    }
    *r = d->shapes[shape];
    r->number = d->first + d->done++;
    r->cause = back == 0 ? 0 : r->number - back;
    return back < r->number && !d->column[COLUMN_SHAPE].bad && !d->column[COLUMN_CAUSE].bad;
}

bool decoder_skim(decoder *d, record *r)
{
    return begin_record(d, r);
}

/* What a made-up file says may wrap around. */
static int64_t sum(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* Nobody is node 0 in the columns, all others are one more. */
static bool read_places(decoder *d, record *r)
{
    int64_t node = sum(d->node, get_signed(&d->column[COLUMN_NODE]));
    uint64_t step = get_number(&d->column[COLUMN_PEER]);
    int64_t peer = step == 0 ? 0 : sum(node, unfolded(step - 1));
    if (node < 0 || node > (int64_t)NOBODY || peer < 0 || peer > (int64_t)NOBODY) {
        return false;
    }
    d->node = node;
    r->node = (uint32_t)node - 1;
    r->peer = (uint32_t)peer - 1;
    return true;
}

static bool read_local(decoder *d, record *r)
{
    r->local = r->at;
    if (d->done <= d->clocked) {
        return true;
    }
    d->ahead = sum(d->ahead, get_signed(&d->column[COLUMN_LOCAL]));
    r->local = sum(r->at, d->ahead);
    return !d->column[COLUMN_LOCAL].bad;
}

bool decoder_next(decoder *d, record *r)
{
    if (!begin_record(d, r)) {
        return false;
    }
    if (r->kind != RECORD_SEND) {
        uint64_t step = get_number(&d->column[COLUMN_TIME]);
        if (d->column[COLUMN_TIME].bad || step > (uint64_t)(INT64_MAX - d->at)) {
            return false;
        }
        d->at += (int64_t)step;
    }
    r->at = d->at;
    if (!read_local(d, r)) {
        return false;
    }
    if (!is_told(r->kind, r->reason)) {
        return true;
    }
    r->body = r->size > 0 ? get_bytes(&d->column[COLUMN_BODY], r->size) : NULL;
    return read_places(d, r) && !d->column[COLUMN_NODE].bad && !d->column[COLUMN_PEER].bad &&
           !d->column[COLUMN_BODY].bad;
}

/* ------------------------------------------------------------------------------------ changes */

bool decoder_has_changes(const decoder *d, uint64_t number)
{
    return d->change_found != 0 && d->change_found <= number;
}

bool decoder_group(decoder *d, decoded_group *group, uint32_t nodes)
{
    cursor *in = &d->column[COLUMN_CHANGES];
    uint64_t back = get_number(in);
    int64_t node = sum(d->change_node, get_signed(in));
    group->count = get_number(in);
    if (in->bad || back == 0 || back >= d->change_found || node < 0 || node >= nodes) {
        return false;
    }
    d->change_node = node;
    group->record = d->change_found - back;
    group->node = (uint32_t)node;
    return true;
}

bool decoder_change(decoder *d, uint64_t *slot, int64_t *by)
{
    cursor *in = &d->column[COLUMN_CHANGES];
    *slot += get_number(in);
    *by = get_signed(in);
    return !in->bad;
}

bool decoder_group_end(decoder *d)
{
    d->change_at = d->change_found;
    return read_next_found(d);
}
