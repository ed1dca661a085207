/* The tables and views of a results database, as SQL. Private to sim/sweep. */
#ifndef DASIM_SWEEP_SCHEMA_H
#define DASIM_SWEEP_SCHEMA_H

enum {
    SCHEMA_APPLICATION = 0x64617369, /* "dasi": what `file` sees */
    SCHEMA_VERSION = 2               /* user_version */
};

extern const char schema_tables[], schema_views[];

#endif
