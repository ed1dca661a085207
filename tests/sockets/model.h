/* The module channel.socket by itself: one node, no world. Whatever it answers at once or later is
 * found here. */
#ifndef TESTS_SOCKETS_MODEL_H
#define TESTS_SOCKETS_MODEL_H

#include <dasim.h>

#include <stddef.h>

/* As algorithms/channel/socket.c has them. */
enum {
    MODEL_WAIT_NOT = 1,
    MODEL_ADDRESS = 2,
    MODEL_PAIR = 4,
    MODEL_TRUNCATED = 8,
    MODEL_SIGNAL = 1
};
enum { MODEL_NONBLOCKING = 1, MODEL_UNREAD, MODEL_ERROR, MODEL_NAME };
enum { MODEL_TEXT_MOST = 1 << 20 };

/* The latest answer; `answers` counts them all. */
extern dasim_call model_reply;
extern unsigned char model_text[MODEL_TEXT_MOST];
extern unsigned model_answers;

void model_start(int64_t sockets, int64_t buffer); /* anew, with nothing open */
/* Asks; true where the answer came at once. */
bool model_ask(uint32_t op, uint32_t process, int32_t descriptor, int64_t value, uint32_t flags,
               const void *text, size_t size);
/* The same without text, for what is answered at once: value or -errno. */
int64_t model_call(uint32_t op, int32_t descriptor, int64_t value, uint32_t flags);
/* The same, for a call that answers with a descriptor. */
int32_t model_open(uint32_t op, int32_t descriptor, int64_t value, uint32_t flags);
uint32_t model_mask(int32_t descriptor); /* of poll() */

#endif
