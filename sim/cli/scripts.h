/* The scripts of plots/, made a part of the program by the Makefile. */
#ifndef DASIM_CLI_SCRIPTS_H
#define DASIM_CLI_SCRIPTS_H

typedef struct script_text {
    const char *name, *text; /* "style.gp" */
} script_text;

extern const script_text script_texts[]; /* the last one has no name */

#endif
