/* Rows end with a line feed, cells with a comma; a carriage return before the line feed and blanks
 * around a cell do not count. A cell in double quotes may hold commas. */
#include "script/data.h"

#include "script/files.h"
#include "script/script.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MOST = 64 << 20 };

G_GNUC_NORETURN static void fail_file(lua_State *L, int index, const place *p, const char *what)
{
    script_of(L)->unreadable = true;
    fail_value(L, index, p, "", "a file that can be read (%s)", what);
}

/* Raises an error where it cannot be read. */
static char *read_bytes(lua_State *L, int index, const place *p, const char *path, gsize *size)
{
    struct stat facts;
    char *text = NULL;
    if (g_stat(path, &facts) != 0) {
        fail_file(L, index, p, g_strerror(errno));
    }
    if (!S_ISREG(facts.st_mode)) {
        fail_file(L, index, p,
                  S_ISDIR(facts.st_mode) ? "this is a directory" : "this is not a regular file");
    }
    if (facts.st_size > FILE_MOST) {
        fail_file(L, index, p, "it is larger than 64 MiB");
    }
    if (!g_file_get_contents(path, &text, size, NULL)) {
        fail_file(L, index, p, g_strerror(errno));
    }
    return text;
}

void data_open(lua_State *L, int index, const place *p, data *d)
{
    *d = (data){.name = take_text(L, index, p), .line = 1, .from = *p, .L = L};
    if (g_path_is_absolute(d->name) || d->name[0] == '\0') {
        fail_value(L, index, p, "", "a name relative to the scenario's folder");
    }
    char path[4096];
    char *text = NULL;
    gsize size = 0;
    script *s = script_of(L);
    int length = g_snprintf(path, sizeof path, "%s/%s", s->folder, d->name);
    if (length >= (int)sizeof path) {
        fail_file(L, index, p, "its name is too long");
    }
    if (!files_recall(s->files, path, &text, &size)) {
        text = read_bytes(L, index, p, path, &size);
        files_keep(s->files, path, text, size);
    }
    script_adopt(L, text, size + 1);
    digest_add(s->inputs, text, size + 1);
    if (strlen(text) != size) {
        fail_value(L, index, p, "", "a text file (there are zero bytes in it)");
    }
    d->at = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
}

/* To the next row that says something. */
static void skip_rows(data *d)
{
    for (;;) {
        size_t blank = strspn(d->at, " \t\r");
        if (d->at[blank] == '#') {
            blank += strcspn(d->at + blank, "\n");
        }
        if (d->at[blank] != '\n') {
            d->at += d->at[blank] == '\0' ? blank : 0;
            return;
        }
        d->at += blank + 1;
        d->line++;
    }
}

bool data_next(data *d, cell *c)
{
    if (d->row_ended) {
        d->line++;
        d->row_ended = false;
        skip_rows(d);
    } else if (d->line == 1) {
        skip_rows(d);
    }
    if (*d->at == '\0') {
        return false;
    }
    d->at += strspn(d->at, " \t");
    if (*d->at == '"') {
        c->text = ++d->at;
        c->size = strcspn(d->at, "\"\n");
        d->at += c->size + (d->at[c->size] == '"');
        d->at += strcspn(d->at, ",\n");
    } else {
        c->text = d->at;
        c->size = strcspn(d->at, ",\n");
        d->at += c->size;
        while (c->size > 0 && strchr(" \t\r", c->text[c->size - 1])) {
            c->size--;
        }
    }
    d->row_ended = *d->at != ',';
    d->at += *d->at != '\0';
    return true;
}

void data_fail_words(const data *d, const char *found, const char *expected)
{
    char name[128];
    quote(d->name, strlen(d->name), name);
    name[strlen(name) - 1] = '\0';
    fail_at(d->L, place_line(d->L, &d->from), "found %s in %s:%d, expected %s", found, name + 1,
            d->line, expected);
}

void data_fail(const data *d, const cell *c, const char *expected)
{
    char found[128];
    data_fail_words(d, quote(c->text, c->size, found), expected);
}
