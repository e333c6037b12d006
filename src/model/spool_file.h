/* spool_file.h: what stands in a segment; shared by spool.c and spool_read.c.
 * Numbers are as the machine has them: segments don't travel. */
#ifndef MODEL_SPOOL_FILE_H
#define MODEL_SPOOL_FILE_H

#include "base/str.h"

#define SPOOL_SUFFIX ".spool"
#define SPOOL_MAGIC UINT32_C(0x4c505342) /* "BSPL" */
#define SPOOL_CHECKSUM 8

struct spool_header {
	uint32_t magic;
	uint32_t type;
	uint64_t n; /* bytes of the payload */
	int64_t time;
	/* the first bytes of SHA-256 over the header, this part left out, and
	 * the payload */
	unsigned char checksum[SPOOL_CHECKSUM];
};
_Static_assert(sizeof(struct spool_header) == 32, "without gaps");

void spool_checksum(const struct spool_header *h, struct slice payload,
    unsigned char out[SPOOL_CHECKSUM]);

#endif
