/* signature.c: see signature.h; the normaliser is in normalise.c. */
#include "model/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/error_line.h"
#include "model/log_take.h"

#define LINES_MAX 64
#define LINE_BYTES 1000

struct sig_line {
	const char *text; /* normalised */
	enum line_kind kind;
	enum error_weight weight;
};

struct sig_lines {
	size_t n;
	struct sig_line line[LINES_MAX];
};

static void
add_line(struct arena *a, struct sig_lines *lines, const char *text)
{
	struct line_class c = error_line_class(slice_of(text));
	struct buf b = BUF_INIT;

	if (lines->n == LINES_MAX)
		return;
	signature_normalise(&b, slice_of(text));
	if (b.len > 0)
		lines->line[lines->n++] = (struct sig_line){
		    arena_strndup(a, b.data, b.len), c.kind, c.weight};
	buf_clear(&b);
}

/* The block of the log, or what was said instead of one. */
static void
collect(struct arena *a, const struct taken_log *log, const char *message,
    struct sig_lines *lines)
{
	struct slice rest = slice_of(message), line;

	for (size_t i = 0; log != NULL && i < log->nblock; i++)
		add_line(
		    a, lines, error_line_text(a, log->block[i], LINE_BYTES));
	if (lines->n > 0)
		return;
	while (slice_line(&rest, &line))
		add_line(a, lines, error_line_text(a, line, LINE_BYTES));
}

/* Leaves the lines that say most: errors before everything else, reasons
 * before what may be harmless. */
static void
keep_heaviest(struct sig_lines *lines)
{
	enum line_kind kind = LINE_PLAIN;
	enum error_weight weight = SAYS_NOTHING;
	size_t n = 0;

	for (size_t i = 0; i < lines->n; i++)
		if (lines->line[i].kind == LINE_ERROR)
			kind = LINE_ERROR;
	for (size_t i = 0; i < lines->n; i++)
		if (lines->line[i].kind >= kind &&
		    lines->line[i].weight > weight)
			weight = lines->line[i].weight;
	for (size_t i = 0; i < lines->n; i++)
		if (lines->line[i].kind >= kind &&
		    lines->line[i].weight == weight)
			lines->line[n++] = lines->line[i];
	lines->n = n;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(((const struct sig_line *)a)->text,
	    ((const struct sig_line *)b)->text);
}

/* Compilers that run beside each other end in any order. */
static void
sort_unique(struct sig_lines *lines)
{
	size_t n = 0;

	qsort(lines->line, lines->n, sizeof(lines->line[0]), by_text);
	for (size_t i = 0; i < lines->n; i++)
		if (n == 0 ||
		    strcmp(lines->line[i].text, lines->line[n - 1].text) != 0)
			lines->line[n++] = lines->line[i];
	lines->n = n;
}

static size_t
character_border(const struct buf *b, size_t max)
{
	size_t n = b->len;

	if (n <= max)
		return n;
	for (n = max; n > 0 && ((unsigned char)b->data[n] & 0xc0) == 0x80; n--)
		;
	return n;
}

/* The hash is of all of the text, the text may be cut. */
static void
make(struct arena *a, enum signature_strength strength, const char *head,
    const struct sig_lines *lines, struct signature *out)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	unsigned char sha[DIGEST_BYTES];
	struct digest *d = digest_new();
	char kind[64];
	int n;

	buf_adds(&text, head);
	for (size_t i = 0; i < lines->n; i++) {
		if (text.len > 0)
			buf_addc(&text, '\n');
		buf_adds(&text, lines->line[i].text);
	}
	n = snprintf(kind, sizeof(kind), "signature %d %d\n", SIGNATURE_VERSION,
	    (int)strength);
	digest_add(d, kind, (size_t)n);
	digest_add(d, text.data, text.len);
	digest_end(d, sha);
	digest_free(d);
	memcpy(out->hash, sha, SIGNATURE_BYTES);
	out->text = arena_strndup(
	    a, text.data, character_border(&text, SIGNATURE_TEXT_MAX));
}

bool
signature_make(struct arena *a, const char *recipe, const char *task,
    const struct taken_log *log, const char *message, struct signature out[3])
{
	struct sig_lines *lines = arena_zalloc(a, sizeof(*lines)), first;

	collect(a, log, message, lines);
	if (lines->n == 0)
		return false;
	make(a, SIGNATURE_BLOCK, "", lines, &out[SIGNATURE_BLOCK - 1]);
	keep_heaviest(lines);
	first = (struct sig_lines){1, {lines->line[0]}};
	make(a, SIGNATURE_TASK, arena_printf(a, "%s %s", recipe, task), &first,
	    &out[SIGNATURE_TASK - 1]);
	sort_unique(lines);
	make(a, SIGNATURE_LINES, "", lines, &out[SIGNATURE_LINES - 1]);
	return true;
}
