/* digest.h: SHA-256 (libcrypto). */
#ifndef ARCHIVE_DIGEST_H
#define ARCHIVE_DIGEST_H

#include <stddef.h>

#define DIGEST_BYTES 32

struct digest;

struct digest *digest_new(void);
void digest_free(struct digest *d);
void digest_add(struct digest *d, const void *data, size_t n);
/* Writes the hash and starts anew. */
void digest_end(struct digest *d, unsigned char out[DIGEST_BYTES]);
/* All in one. */
void digest_of(const void *data, size_t n, unsigned char out[DIGEST_BYTES]);

#endif
