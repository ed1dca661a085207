#include "export/lines.h"

enum { WRITE_FROM = 1 << 16 };

void lines_init(lines *x, FILE *file)
{
    *x = (lines){file, g_string_sized_new(WRITE_FROM + 4096)};
}

static void write_out(lines *x)
{
    fwrite(x->text->str, 1, x->text->len, x->file); /* the caller looks at ferror() */
    g_string_truncate(x->text, 0);
}

void lines_done(lines *x)
{
    if (x->text->len >= WRITE_FROM) {
        write_out(x);
    }
}

void lines_clear(lines *x)
{
    write_out(x);
    g_string_free(x->text, TRUE);
}

void lines_number(lines *x, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    g_string_append_len(x->text, digits + at, (gssize)(sizeof digits - at));
}

void lines_microseconds(lines *x, int64_t ns)
{
    uint64_t value = (uint64_t)ns;
    char rest[4] = {'.', (char)('0' + value / 100 % 10), (char)('0' + value / 10 % 10),
                    (char)('0' + value % 10)};
    lines_number(x, value / 1000);
    g_string_append_len(x->text, rest, sizeof rest);
}

void lines_quoted(lines *x, const char *text)
{
    g_string_append_c(x->text, '"');
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\') {
            g_string_append_c(x->text, '\\');
            g_string_append_c(x->text, (char)*at);
        } else if (*at < 0x20) {
            g_string_append_printf(x->text, "\\u%04x", *at);
        } else {
            g_string_append_c(x->text, (char)*at);
        }
    }
    g_string_append_c(x->text, '"');
}
