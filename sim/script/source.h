/*
 * Where in the text of a scenario an entry of a table is written, so that an error can name its
 * line. Reads tokens only, no grammar: what it does not find is answered with "not found", and the
 * error then names the line of the call.
 */
#ifndef DASIM_SCRIPT_SOURCE_H
#define DASIM_SCRIPT_SOURCE_H

#include <stddef.h>

typedef struct source {
    const char *text;
    size_t size;
} source;

#define SOURCE_NOWHERE ((size_t)-1)

/* Offset behind the '{' of `name {` or `name({`, the first one on `line` (1, 2, ...) or below;
 * SOURCE_NOWHERE where there is none. */
size_t source_table(const source *s, int line, const char *name);

/* Offset of the value of `key = value` in the table whose inside begins at
 * `inside`, where a key that is a number is "[7]"; of its list entry number `index` (1, 2, ...). */
size_t source_key(const source *s, size_t inside, const char *key);
size_t source_entry(const source *s, size_t inside, size_t index);

/* Offset behind the '{' if the value at `offset` is a table written there. */
size_t source_inside(const source *s, size_t offset);

/* Line of an offset. */
int source_line(const source *s, size_t offset);

/* The first paragraph of the comment that opens the text, without dashes, in one line;
 * "" where there is none. The caller frees (g_free). */
char *source_question(const source *s);

#endif
