/* A text is its length + 1 (0 stands for NULL), its bytes, and a byte 0: it can be used as it lies
 * in the frame. */
#include "sweep/frames.h"

#include "base/varint.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 1 << 16 };

guint frame_begin(GByteArray *out, frame_kind kind)
{
    guint begin = out->len;
    const guint8 head[FRAME_HEAD] = {0, 0, 0, 0, (guint8)kind};
    g_byte_array_append(out, head, FRAME_HEAD);
    return begin;
}

void frame_end(GByteArray *out, guint begin)
{
    guint size = out->len - begin - 4;
    g_assert(size <= FRAME_MOST);
    for (guint i = 0; i < 4; i++) {
        out->data[begin + i] = (guint8)(size >> 8 * i);
    }
}

void frame_put_number(GByteArray *out, uint64_t value)
{
    unsigned char bytes[VARINT_MOST];
    g_byte_array_append(out, bytes, (guint)(varint_put(bytes, value) - bytes));
}

void frame_put_signed(GByteArray *out, int64_t value)
{
    frame_put_number(out, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

void frame_put_bytes(GByteArray *out, const void *bytes, size_t size)
{
    frame_put_number(out, size);
    if (size > 0) {
        g_byte_array_append(out, bytes, (guint)size);
    }
}

void frame_put_text(GByteArray *out, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    frame_put_bytes(out, text, size);
}

size_t frame_first(const unsigned char *bytes, size_t size, frame *f)
{
    if (size < FRAME_HEAD) {
        return 0;
    }
    size_t length =
        bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
    *f = (frame){(frame_kind)bytes[4], bytes + FRAME_HEAD, bytes + size, false};
    if (length == 0 || length > FRAME_MOST || bytes[4] == 0 || bytes[4] >= FRAME_KINDS) {
        f->bad = true;
        return size;
    }
    f->end = bytes + 4 + length;
    return size < 4 + length ? 0 : 4 + length;
}

uint64_t frame_take_number(frame *f)
{
    uint64_t value = 0;
    f->bad = f->bad || !varint_take(&f->at, f->end, &value);
    return f->bad ? 0 : value;
}

int64_t frame_take_signed(frame *f)
{
    uint64_t value = frame_take_number(f);
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

const void *frame_take_bytes(frame *f, size_t *size)
{
    uint64_t length = frame_take_number(f);
    if (f->bad || length > (uint64_t)(f->end - f->at)) {
        f->bad = true;
        *size = 0;
        return "";
    }
    const unsigned char *bytes = f->at;
    f->at += length;
    *size = length;
    return bytes;
}

const char *frame_take_text(frame *f)
{
    size_t size;
    const char *text = frame_take_bytes(f, &size);
    if (size == 0) {
        return NULL;
    }
    if (text[size - 1] != '\0') {
        f->bad = true;
        return NULL;
    }
    return text;
}

bool write_fully(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t written = write(fd, at, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        at += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

void inbox_init(inbox *in)
{
    *in = (inbox){g_byte_array_new(), 0};
}

void inbox_clear(inbox *in)
{
    g_byte_array_free(in->bytes, TRUE);
}

ssize_t inbox_read(inbox *in, int fd)
{
    if (in->taken > 0) {
        g_byte_array_remove_range(in->bytes, 0, in->taken);
        in->taken = 0;
    }
    guint before = in->bytes->len;
    g_byte_array_set_size(in->bytes, before + READ_SIZE);
    ssize_t got = read(fd, in->bytes->data + before, READ_SIZE);
    int code = errno;
    g_byte_array_set_size(in->bytes, before + (guint)MAX(got, 0));
    errno = code;
    return got;
}

bool inbox_next(inbox *in, frame *f)
{
    size_t size = frame_first(in->bytes->data + in->taken, in->bytes->len - in->taken, f);
    in->taken += (guint)size;
    return size > 0;
}
