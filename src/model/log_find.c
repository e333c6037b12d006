/*
 * log_find.c: searches inside a stored log; see log_read.h.
 *
 * Pieces are put into lower case and looked at one after the other.  What is
 * looked for may lie over the border of two, where no line ends: so the last
 * bytes of one are looked at again together with the first of the next.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/log_pieces.h"
#include "model/log_read.h"

#define NEEDLE_MAX 1000

struct search {
	struct log_search *out;
	char needle[NEEDLE_MAX];
	size_t n;
	uint32_t last; /* line that was counted last, 0: none */
	struct buf border;
};

static void
search_clear(struct search *s)
{
	buf_clear(&s->border);
}

static void
lower(char *out, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] + 32 : p[i]);
}

static void
hit(struct search *s, uint32_t line)
{
	struct log_search *out = s->out;

	if (line == s->last)
		return;
	s->last = line;
	if (out->total < LOG_FOUND_MAX)
		out->total++;
	if (line >= out->from && out->n < out->max)
		out->line[out->n++] = line;
}

static bool
satisfied(const struct search *s)
{
	return s->out->total == LOG_FOUND_MAX && s->out->n == s->out->max;
}

/* Text that begins with a part of `line`. */
static void
look(struct search *s, const char *text, size_t n, uint32_t line)
{
	const char *end = text + n, *counted = text, *p = text;

	while (!satisfied(s) &&
	       (p = memmem(p, (size_t)(end - p), s->needle, s->n)) != NULL) {
		for (; (counted = memchr(
			    counted, '\n', (size_t)(p - counted))) != NULL;
		     counted++)
			line++;
		counted = p;
		hit(s, line);
		p = memchr(p, '\n', (size_t)(end - p));
		if (p == NULL)
			break;
	}
}

/* The last bytes, as far as they are of a line that hasn't ended. */
static void
remember(struct search *s, const char *text, size_t n)
{
	size_t keep = s->n - 1, gone;
	const char *lf;

	if (n > keep) {
		text += n - keep;
		n = keep;
		buf_reset(&s->border);
	}
	buf_add(&s->border, text, n);
	gone = s->border.len > keep ? s->border.len - keep : 0;
	lf = s->border.len > 0 ? memrchr(s->border.data, '\n', s->border.len)
			       : NULL;
	if (lf != NULL && (size_t)(lf + 1 - s->border.data) > gone)
		gone = (size_t)(lf + 1 - s->border.data);
	s->border.len -= gone;
	if (gone > 0 && s->border.len > 0)
		memmove(s->border.data, s->border.data + gone, s->border.len);
}

/* What goes from the piece before into this one is of its first line. */
static void
look_over_border(struct search *s, const char *text, size_t n, uint32_t line)
{
	size_t keep = s->n - 1, old = s->border.len;

	if (old > 0) {
		buf_add(&s->border, text, n < keep ? n : keep);
		const char *lf =
		    memchr(s->border.data + old, '\n', s->border.len - old);
		look(s, s->border.data,
		    lf != NULL ? (size_t)(lf - s->border.data) : s->border.len,
		    line);
		s->border.len = old;
	}
	remember(s, text, n);
}

static enum err
look_through(struct search *s, struct db *db, int id, struct errinfo *ei)
{
	CLEANUP(log_pieces_clear) struct log_pieces p;
	bool more;
	enum err err;

	log_pieces_init(&p, db, id, 8);
	err = log_pieces_seek(&p, 0, &more, ei);
	while (err == ERR_OK && more && !satisfied(s)) {
		char *text = arena_alloc(p.scratch, p.text.n + 1);
		lower(text, p.text.p, p.text.n);
		look_over_border(s, text, p.text.n, p.first_line);
		look(s, text, p.text.n, p.first_line);
		err = log_pieces_next(&p, &more, ei);
	}
	return err;
}

enum err
log_find(struct db *db, struct arena *a, int id, struct log_search *what,
    struct errinfo *ei)
{
	CLEANUP(search_clear)
	struct search s = {.out = what, .n = strlen(what->needle)};

	what->n = what->total = 0;
	what->line = arena_calloc(a, what->max + 1, sizeof(*what->line));
	if (s.n == 0 || s.n > NEEDLE_MAX || strchr(what->needle, '\n') != NULL)
		return ERR_OK;
	lower(s.needle, what->needle, s.n);
	return look_through(&s, db, id, ei);
}
