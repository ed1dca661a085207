/* Scenarios written in a test, loaded as dasim would. They lie as case.lua in a folder of their
 * own, with whatever data is put beside them. */
#ifndef TESTS_UNIT_SCRIPT_LOADING_H
#define TESTS_UNIT_SCRIPT_LOADING_H

#include "script/scenario.h"

#include <criterion/criterion.h>

/* The folder; removed when the test ends. */
const char *case_folder(void);
/* Writes a file into it. */
void case_data(const char *name, const char *text);

/* Loads a whole file. NULL: the message is in load_message, without the folder. */
scenario *load_text(const char *text);
scenario *load_with(const char *text, const scenario_setting *settings, size_t count,
                    const char *const *properties);
extern char load_message[2000];
extern int load_code; /* scenario_error */

/* return scenario { nodes = 5, run = mutex.coordinator {}, duration = "1s", PARTS }: the parts
 * begin in line 2 and may give these keys another value. The test fails where it cannot be
 * loaded. */
scenario *load_parts(const char *parts);

/* The file, or the parts, must be refused with exactly this message. */
void refuses_text(const char *text, const char *message);
void refuses_parts(const char *parts, const char *message);

/* A folder that modules are looked for in before those of the build; NULL: only those. */
extern const char *load_modules;

#endif
