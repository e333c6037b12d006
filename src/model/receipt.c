/* receipt.c: collects a receipt, and writes it as JSON; see receipt.h. */
#include "model/receipt_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/memory.h"

#define WHERE_MAX 300
#define TEXT_MAX 500

static const char *const kind_names[RECEIPT_KINDS] = {
    [RECEIPT_READ] = "read",
    [RECEIPT_IGNORED] = "ignored",
    [RECEIPT_REPAIRED] = "repaired",
    [RECEIPT_DUPLICATE] = "duplicate",
    [RECEIPT_MASKED] = "masked",
};

struct receipt *
receipt_new(const char *kind)
{
	struct receipt *r = must(calloc(1, sizeof(*r)));

	r->arena = arena_new(0);
	r->kind = arena_strdup(r->arena, kind);
	return r;
}

void
receipt_free(struct receipt *r)
{
	if (r == NULL)
		return;
	arena_free(r->arena);
	free(r);
}

/* Clean and of a bounded length: names come from outside. */
static const char *
clean(struct arena *a, const char *s, size_t max)
{
	size_t n = s != NULL ? strnlen(s, max) : 0;

	return n > 0 ? utf8_cut(a, utf8_scrub(a, s, n), max) : "";
}

void
receipt_note(struct receipt *r, enum receipt_note what, const char *where,
    uint32_t line, const char *text)
{
	struct receipt_lines *k = &r->notes[what];

	if (k->n == RECEIPT_NOTES_MAX) {
		k->dropped++;
		return;
	}
	k->note =
	    arena_grow(r->arena, k->note, &k->cap, k->n + 1, sizeof(*k->note));
	k->note[k->n++] =
	    (struct receipt_line){clean(r->arena, where, WHERE_MAX),
		clean(r->arena, text, TEXT_MAX), line};
}

void
receipt_count(struct receipt *r, const char *what, uint64_t n)
{
	if (n == 0)
		return;
	for (size_t i = 0; i < r->ncounts; i++)
		if (strcmp(r->count[i].what, what) == 0) {
			r->count[i].n += n;
			return;
		}
	if (r->ncounts == RECEIPT_COUNTS_MAX) {
		r->notes[RECEIPT_READ].dropped += n;
		return;
	}
	r->count[r->ncounts++] =
	    (struct receipt_count){clean(r->arena, what, WHERE_MAX), n};
}

void
receipt_build(struct receipt *r, int build)
{
	for (size_t i = 0; i < r->nbuilds; i++)
		if (r->build[i] == build)
			return;
	r->build = arena_grow(r->arena, r->build, &r->builds_cap,
	    r->nbuilds + 1, sizeof(*r->build));
	r->build[r->nbuilds++] = build;
}

/* ---- as JSON ---- */

/* What was read: counts, then what there is to say about it. */
static void
add_read(struct buf *out, const struct receipt *r)
{
	const struct receipt_lines *k = &r->notes[RECEIPT_READ];
	const char *comma = "";

	buf_adds(out, "{\"read\":[");
	for (size_t i = 0; i < r->ncounts; i++) {
		buf_addf(out, "%s{\"what\":", comma);
		buf_add_json(out, r->count[i].what);
		buf_addf(
		    out, ",\"n\":%llu}", (unsigned long long)r->count[i].n);
		comma = ",";
	}
	for (size_t i = 0; i < k->n; i++) {
		buf_addf(out, "%s{\"what\":", comma);
		buf_add_json(out, k->note[i].where);
		buf_adds(out, ",\"text\":");
		buf_add_json(out, k->note[i].text);
		buf_adds(out, ",\"n\":1}");
		comma = ",";
	}
	buf_addc(out, ']');
}

static void
add_notes(struct buf *out, const struct receipt *r, enum receipt_note what)
{
	const struct receipt_lines *k = &r->notes[what];

	buf_addf(out, ",\"%s\":[", kind_names[what]);
	for (size_t i = 0; i < k->n; i++) {
		buf_adds(out, i > 0 ? ",{\"where\":" : "{\"where\":");
		buf_add_json(out, k->note[i].where);
		buf_addf(
		    out, ",\"line\":%u,\"text\":", (unsigned)k->note[i].line);
		buf_add_json(out, k->note[i].text);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void
add_dropped(struct buf *out, const struct receipt *r)
{
	const char *comma = "";

	buf_adds(out, ",\"dropped\":{");
	for (size_t i = 0; i < RECEIPT_KINDS; i++) {
		if (r->notes[i].dropped == 0)
			continue;
		buf_addf(out, "%s\"%s\":%llu", comma, kind_names[i],
		    (unsigned long long)r->notes[i].dropped);
		comma = ",";
	}
	buf_adds(out, "}}");
}

void
receipt_content(struct buf *out, const struct receipt *r)
{
	add_read(out, r);
	for (enum receipt_note k = RECEIPT_IGNORED; k < RECEIPT_KINDS; k++)
		add_notes(out, r, k);
	add_dropped(out, r);
}
