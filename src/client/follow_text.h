/* follow_text.h: texts of events, masked. */
#ifndef CLIENT_FOLLOW_TEXT_H
#define CLIENT_FOLLOW_TEXT_H

#include "base/buf.h"
#include "base/str.h"

struct arena;
struct follow;
struct follow_server;

/* Appends ,"KEY":"text", or ,"KEY2":"..." in base64 if the bytes are no
 * UTF-8. */
void follow_add_text(struct arena *a, struct buf *out, const char *key,
    const char *key2, struct slice text);
void follow_add_base64(struct buf *out, struct slice bytes);

/* Appends the lines as this server may see them. */
void follow_mask(const struct follow *f, const struct follow_server *s,
    struct slice text, struct buf *out);
/* The same of one text, in the arena. */
const char *follow_masked(
    const struct follow *f, const struct follow_server *s, const char *text);

#endif
