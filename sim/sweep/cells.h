/*
 * What a cell of the grid is, once its scenario was loaded: which algorithms, which parameters, and
 * the key under which its results are kept.
 */
#ifndef DASIM_SWEEP_CELLS_H
#define DASIM_SWEEP_CELLS_H

#include "sweep/frames.h"
#include "sweep/grid.h"

#include "base/digest.h"

typedef struct cell_parameter {
    char *name, *value;
    bool is_set; /* by --set or --grid, not the file's default */
} cell_parameter;

typedef struct cell_module {
    char *service, *algorithm;
    digest_value digest; /* of the module's file */
} cell_module;

/* The key: digest of the version of dasim, the bytes of the scenario and of its data files, the
 * modules of the stack, and all parameters. What has the same key gives the same results. */
typedef struct cell_facts {
    digest_value scenario, key;
    char *question;
    uint32_t nodes;
    bool serves_all_seeds; /* as in script/scenario.h */
    GArray *parameters;    /* cell_parameter, in the order of the file */
    GArray *modules;       /* cell_module, bottom first */
} cell_facts;

void cell_facts_clear(cell_facts *facts);
void cell_facts_put(GByteArray *out, const cell_facts *facts);
bool cell_facts_take(frame *f, cell_facts *facts); /* false: nothing to clear */

/* Loads scenarios for a sweep: files are read once, modules loaded once. */
typedef struct loader {
    const char *file;
    const grid *grid;
    scenario_files *files;
    catalogue *modules;
    GPtrArray *properties; /* const char *, NULL-ended */
    GHashTable *digests;   /* file of a module -> digest_value * */
} loader;

/* `path`: folders with modules, NULL-ended. All is borrowed. */
void loader_init(loader *l, const char *file, const grid *g, const char *const *path);
void loader_clear(loader *l);
scenario *loader_scenario(loader *l, uint32_t cell, uint64_t seed, GError **error);
/* Loads the cell with the first seed, and looks at it. */
bool loader_facts(loader *l, uint32_t cell, cell_facts *facts, GError **error);

#endif
