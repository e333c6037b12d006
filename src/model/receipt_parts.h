/* receipt_parts.h: the inside of a receipt in the making. */
#ifndef MODEL_RECEIPT_PARTS_H
#define MODEL_RECEIPT_PARTS_H

#include "base/buf.h"
#include "model/receipt.h"

#define RECEIPT_KINDS (RECEIPT_MASKED + 1)
#define RECEIPT_COUNTS_MAX 64

struct receipt_line {
	const char *where, *text;
	uint32_t line;
};

/* Notes of a kind; the rest of them is counted. */
struct receipt_lines {
	size_t n, cap;
	struct receipt_line *note;
	uint64_t dropped;
};

struct receipt_count {
	const char *what;
	uint64_t n;
};

struct receipt {
	struct arena *arena;
	const char *kind;
	struct receipt_lines notes[RECEIPT_KINDS];
	size_t ncounts;
	struct receipt_count count[RECEIPT_COUNTS_MAX];
	size_t nbuilds, builds_cap;
	int32_t *build;
};

/* Its content as JSON. */
void receipt_content(struct buf *out, const struct receipt *r);

#endif
