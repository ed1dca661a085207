/*
 * A capture for Wireshark (pcapng: draft-ietf-opsawg-pcapng): an interface for each node, messages
 * as UDP over IPv4 with a JSON payload, node i at 10.0.0.(i+1), or 10.a.b.c of i+1 where there are
 * more than 254. A message is seen where it leaves, and each copy where it arrives. The leaving of
 * a lost one carries the comment `LOST: reason`: so packets that leave wait until it is known what
 * became of them. A payload that is longer than a packet has its fields left out and says so.
 */
#include "base/map.h"
#include "export/export.h"
#include "observe/names.h"

#include <string.h>

enum {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_NAMES = 4,
    BLOCK_PACKET = 6,
    LINKTYPE_RAW = 101,
    PORT = 24680,
    IP_HEADER = 20,
    UDP_HEADER = 8,
    PAYLOAD_MOST = 65000,
    INBOUND = 1,
    OUTBOUND = 2,
    WRITE_FROM = 1 << 16
};

typedef struct packet {
    GByteArray *block; /* without its comment and end; NULL: written already */
    bool is_known;     /* what became of it */
    char *comment;     /* owned; NULL: none */
} packet;

typedef struct pcapng {
    FILE *file;
    GByteArray *out;
    GQueue *waiting; /* packet *, in the order of time */
    map sent;        /* number of the SEND -> packet * that leaves */
    GString *payload;
    uint32_t nodes;
} pcapng;

/* -------------------------------------------------------------------------------------- blocks */

static void put16(GByteArray *out, uint32_t value)
{
    guint8 bytes[2] = {(guint8)value, (guint8)(value >> 8)};
    g_byte_array_append(out, bytes, sizeof bytes);
}

static void put32(GByteArray *out, uint32_t value)
{
    put16(out, value & 0xFFFF);
    put16(out, value >> 16);
}

static void pad(GByteArray *out)
{
    static const guint8 zeros[4] = {0};
    g_byte_array_append(out, zeros, (guint)(-(int)out->len & 3));
}

static void put_option(GByteArray *out, uint32_t code, const void *bytes, size_t size)
{
    put16(out, code);
    put16(out, (uint32_t)size);
    g_byte_array_append(out, bytes, (guint)size);
    pad(out);
}

/* Type and length, which finish() fills in. */
static GByteArray *block(uint32_t type)
{
    GByteArray *b = g_byte_array_new();
    put32(b, type);
    put32(b, 0);
    return b;
}

static void finish(pcapng *p, GByteArray *b)
{
    uint32_t length = b->len + 4;
    for (int i = 0; i < 4; i++) {
        b->data[4 + i] = (guint8)(length >> (8 * i));
    }
    put32(b, length);
    g_byte_array_append(p->out, b->data, b->len);
    g_byte_array_free(b, TRUE);
    if (p->out->len >= WRITE_FROM) {
        fwrite(p->out->data, 1, p->out->len, p->file); /* the caller looks at ferror() */
        g_byte_array_set_size(p->out, 0);
    }
}

static void put_section(pcapng *p)
{
    GByteArray *b = block(BLOCK_SECTION);
    put32(b, 0x1A2B3C4D);
    put16(b, 1);
    put16(b, 0);
    put32(b, UINT32_MAX); /* its length: not known */
    put32(b, UINT32_MAX);
    put_option(b, 4, "dasim", 5);
    put32(b, 0);
    finish(p, b);
}

static void put_interface(pcapng *p, uint32_t node)
{
    static const guint8 nanoseconds = 9;
    char name[16];
    GByteArray *b = block(BLOCK_INTERFACE);
    put16(b, LINKTYPE_RAW);
    put16(b, 0);
    put32(b, 0); /* no limit */
    g_snprintf(name, sizeof name, "n%" G_GUINT32_FORMAT, node);
    put_option(b, 2, name, strlen(name));
    put_option(b, 9, &nanoseconds, 1);
    put32(b, 0);
    finish(p, b);
}

static uint32_t address_of(const pcapng *p, uint32_t node)
{
    uint32_t number = node + 1;
    return UINT32_C(10) << 24 | (p->nodes > 254 ? number : number & 0xFF);
}

static void put_big32(guint8 *at, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (guint8)(value >> (24 - 8 * i));
    }
}

static void put_names(pcapng *p)
{
    GByteArray *b = block(BLOCK_NAMES);
    for (uint32_t node = 0; node < p->nodes; node++) {
        guint8 address[4];
        char name[16];
        g_snprintf(name, sizeof name, "n%" G_GUINT32_FORMAT, node);
        put_big32(address, address_of(p, node));
        put16(b, 1);
        put16(b, (uint32_t)(4 + strlen(name) + 1));
        g_byte_array_append(b, address, 4);
        g_byte_array_append(b, (const guint8 *)name, (guint)strlen(name) + 1);
        pad(b);
    }
    put32(b, 0);
    finish(p, b);
}

/* ------------------------------------------------------------------------------------- packets */

static uint32_t sum16(const guint8 *bytes, size_t size, uint32_t sum)
{
    for (size_t i = 0; i < size; i++) {
        sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    }
    return sum;
}

static void put_checksum(guint8 *at, uint32_t sum)
{
    while (sum >> 16) {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    sum = ~sum & 0xFFFF;
    at[0] = (guint8)(sum >> 8);
    at[1] = (guint8)sum;
}

/* IPv4 (RFC 791) and UDP (RFC 768) before the payload. */
static void put_headers(const pcapng *p, guint8 *at, uint32_t from, uint32_t to, size_t payload)
{
    uint32_t total = (uint32_t)(IP_HEADER + UDP_HEADER + payload);
    uint32_t length = (uint32_t)(UDP_HEADER + payload);
    const guint8 ip[12] = {0x45, 0, (guint8)(total >> 8), (guint8)total, 0, 0, 0x40, 0, 64, 17,
                           0,    0};
    guint8 *udp = at + IP_HEADER;
    memcpy(at, ip, sizeof ip);
    put_big32(at + 12, address_of(p, from));
    put_big32(at + 16, address_of(p, to));
    put_checksum(at + 10, sum16(at, IP_HEADER, 0));
    const guint8 ports[8] =
        {PORT >> 8,      PORT & 0xFF, PORT >> 8, PORT & 0xFF, (guint8)(length >> 8),
         (guint8)length, 0,           0};
    memcpy(udp, ports, sizeof ports);
    put_checksum(udp + 6, sum16(udp, length, sum16(at + 12, 8, 17 + length)));
    if (udp[6] == 0 && udp[7] == 0) { /* 0 says: none */
        udp[6] = udp[7] = 0xFF;
    }
}

static void write_payload(pcapng *p, const world *w, const record *r)
{
    GString *text = p->payload;
    const char *component = record_component_name(w, r);
    g_string_printf(text,
                    "{\"component\":\"%s\",\"type\":\"%s\",\"record\":%" G_GUINT64_FORMAT
                    ",\"body\":",
                    component ? component : "", record_type_name(w, r), r->number);
    gsize head = text->len;
    record_append_json(w, r, text);
    if (text->len > PAYLOAD_MOST) {
        g_string_truncate(text, head);
        g_string_append_printf(text, "null,\"left_out\":%" G_GUINT32_FORMAT, r->size);
    }
    g_string_append_c(text, '}');
}

static packet *add_packet(pcapng *p, const world *w, const record *r, uint32_t from, uint32_t to,
                          bool leaves)
{
    packet *one = g_new0(packet, 1);
    GByteArray *b = block(BLOCK_PACKET);
    write_payload(p, w, r);
    uint32_t size = (uint32_t)(IP_HEADER + UDP_HEADER + p->payload->len);
    put32(b, leaves ? from : to);
    put32(b, (uint32_t)((uint64_t)r->at >> 32));
    put32(b, (uint32_t)r->at);
    put32(b, size);
    put32(b, size);
    guint start = b->len;
    g_byte_array_set_size(b, start + size);
    memcpy(b->data + start + IP_HEADER + UDP_HEADER, p->payload->str, p->payload->len);
    put_headers(p, b->data + start, from, to, p->payload->len);
    pad(b);
    const guint8 flags[4] = {leaves ? OUTBOUND : INBOUND};
    put_option(b, 2, flags, sizeof flags);
    one->block = b;
    one->is_known = !leaves;
    g_queue_push_tail(p->waiting, one);
    return one;
}

/* Those of which everything is known, and before which none waits. */
static void write_known(pcapng *p, bool all)
{
    packet *one;
    while ((one = g_queue_peek_head(p->waiting)) && (one->is_known || all)) {
        g_queue_pop_head(p->waiting);
        if (one->comment) {
            put_option(one->block, 1, one->comment, strlen(one->comment));
        }
        put32(one->block, 0);
        finish(p, one->block);
        g_free(one->comment);
        g_free(one);
    }
}

/* ------------------------------------------------------------------------------------- records */

static void *begin(FILE *file, const world *w, const export_about *about)
{
    (void)about;
    pcapng *p = g_new0(pcapng, 1);
    p->file = file;
    p->out = g_byte_array_new();
    p->waiting = g_queue_new();
    map_init(&p->sent, sizeof(packet *));
    p->payload = g_string_new(NULL);
    p->nodes = world_nodes(w);
    put_section(p);
    for (uint32_t node = 0; node < p->nodes; node++) {
        put_interface(p, node);
    }
    put_names(p);
    return p;
}

static void on_lost(pcapng *p, const world *w, const record *r, bool selected)
{
    packet *one = NULL;
    bool waits = map_take(&p->sent, r->cause, &one);
    if (!waits && selected) { /* a second copy, or its SEND is not selected */
        one = add_packet(p, w, r, r->node, r->peer, true);
    }
    if (one) {
        one->comment = g_strdup_printf("LOST: %s", record_reason_name(r->reason));
        one->is_known = true;
    }
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    pcapng *p = self;
    packet *one;
    if (r->kind == RECORD_SEND && selected) {
        one = add_packet(p, w, r, r->node, r->peer, true);
        *(packet **)map_at(&p->sent, r->number) = one;
    } else if (r->kind == RECORD_RECEIVE) {
        if (map_take(&p->sent, r->cause, &one)) {
            one->is_known = true;
        }
        if (selected) {
            add_packet(p, w, r, r->peer, r->node, false);
        }
    } else if (r->kind == RECORD_LOST) {
        on_lost(p, w, r, selected);
    }
    write_known(p, false);
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    (void)how;
    pcapng *p = self;
    write_known(p, true);
    fwrite(p->out->data, 1, p->out->len, p->file);
    g_byte_array_free(p->out, TRUE);
    g_queue_free(p->waiting);
    map_clear(&p->sent);
    g_string_free(p->payload, TRUE);
    g_free(p);
}

const exporter export_pcapng = {
    .name = "pcapng",
    .extension = ".pcapng",
    .title = "messages as packets for Wireshark; plots/dasim.lua takes them apart",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
