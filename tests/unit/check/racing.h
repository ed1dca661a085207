/*
 * Histories of processes of one machine, in words of three characters: who, does what, with what.
 *
 *   0rx 0wx   process 0 reads, writes word x (w, x, y, z; of segments), its line the number of the
 *             word in the text, from 1 on; f and g are words of files
 *   0Rx 0Wx   ... through an atomic descriptor
 *   0lm 0um   locks, unlocks mutex m (m, n)
 *   0cm 0gm   leaves it to wait for a condition; has it again
 *   0sm       signals the condition
 *   0vs 0ps   waits for semaphore s (s, t); posts
 *   0Ef 0Sf 0Uf   takes the lock of file f (f, g), shared, gives it back
 *   0df       detaches the file, 0kd forks, 0jd has waited for the end of process d, 0e. ends
 *   0o. 0i.   writes to, has read from another channel
 *   0a. 0b.   the node asks another service; is answered
 *   0X.       the machine crashes
 *   0Fm       fails to unlock mutex m
 *
 * A process attaches everything before its first word. Word number i happens at i ms.
 */
#ifndef DASIM_TESTS_RACING_H
#define DASIM_TESTS_RACING_H

#include "../history.h"

#include "check/property.h"

enum { RACING_PROCESSES = 10 };

/* Its verdict, to be cleared. */
finding racing_judge(const char *text);

/* Of a violation: the lines of the later and of the earlier access. */
void racing_lines(const finding *f, unsigned *later, unsigned *earlier);

/* The word (from 1 on) of the record of the violation; 0: there is none. */
unsigned racing_word(const finding *f);

#endif
