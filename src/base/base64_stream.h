/* base64_stream.h: RFC 4648 base64, decoded while it streams by. */
#ifndef BASE_BASE64_STREAM_H
#define BASE_BASE64_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed before the first piece. */
struct base64 {
	uint32_t bits;
	unsigned have; /* characters of the group at hand */
	bool ended;    /* by '=' */
};

/*
 * Decodes n characters; *got bytes are written to out, which has room for
 * BASE64_ROOM(n).  Line ends and blanks are passed over.  False for any other
 * character, and for what follows the padding.
 */
#define BASE64_ROOM(n) ((n) / 4 * 3 + 3)
bool base64_add(
    struct base64 *b, const char *p, size_t n, unsigned char *out, size_t *got);

#endif
