/*
 * signature.h: what makes two failures the same.  Pure, documented in
 * docs/signatures.md, versioned: when the normaliser changes, so does
 * SIGNATURE_VERSION, and `buildstats-admin signatures` computes all of them
 * again from the stored logs.
 */
#ifndef MODEL_SIGNATURE_H
#define MODEL_SIGNATURE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct arena;
struct taken_log;

#define SIGNATURE_VERSION 1
#define SIGNATURE_BYTES 16
#define SIGNATURE_TEXT_MAX 2048

enum signature_strength {
	SIGNATURE_BLOCK = 1, /* the same last block, context lines and all */
	SIGNATURE_LINES = 2, /* the same error lines, each counted once */
	SIGNATURE_TASK = 3   /* the same recipe, task and first error */
};

struct signature {
	unsigned char hash[SIGNATURE_BYTES]; /* SHA-256, cut */
	char *text; /* the normalised lines, up to SIGNATURE_TEXT_MAX */
};

/*
 * Appends a line with paths cut to their last components, and numbers, hashes,
 * addresses, PIDs, times, temporary names, columns, and versions (where
 * they are noise) replaced by a mark of their kind.
 */
void signature_normalise(struct buf *out, struct slice line);

/*
 * The three signatures of a failure, out[strength - 1].  log may be NULL: then
 * message, the only thing known ("" too), stands for its block.  False if there
 * is nothing that could be compared: no error line and no message.
 */
bool signature_make(struct arena *a, const char *recipe, const char *task,
    const struct taken_log *log, const char *message, struct signature out[3]);

#endif
