/*
 * What the files that scenarios are made of say: each is read once, whatever happens to it later.
 */
#ifndef DASIM_SCRIPT_FILES_H
#define DASIM_SCRIPT_FILES_H

#include "script/scenario.h"

/* A copy of what was kept under this name, with a byte 0 behind it; the caller frees (g_free).
 * False where nothing was, or `files` is NULL. */
bool files_recall(const scenario_files *files, const char *path, char **text, gsize *size);
/* Keeps a copy; does nothing where `files` is NULL. */
void files_keep(scenario_files *files, const char *path, const char *text, gsize size);

#endif
