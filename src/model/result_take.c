/* result_take.c: see result_take.h. */
#include "model/result_take.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "model/log_take.h"
#include "model/result_read.h"

#define TAKEN_MAX ((uint64_t)8 << 20) /* of a log, for its end */
#define LINE_MAX_BYTES ((size_t)64 << 10)
#define EXCERPT_LINES 20
#define EXCERPT_BYTES 2048

struct result_taker {
	unsigned rules;
	struct result_inflate *inflate;
	struct log_taker *log; /* where the end is wanted */
	struct arena *scratch; /* of the log at hand */
	const struct taken_log *taken;
	struct mask mask;
	struct buf line, out;
	uint64_t bytes, masked;
};

/* Looks a log through line by line; only counts. */
static void
look_through(struct result_taker *t, const char *p, size_t n)
{
	while (n > 0) {
		const char *lf = memchr(p, '\n', n);
		size_t len = lf != NULL ? (size_t)(lf - p) : n;
		size_t room = LINE_MAX_BYTES - t->line.len;
		buf_add(&t->line, p, len < room ? len : room);
		if (lf != NULL || t->line.len == LINE_MAX_BYTES) {
			buf_reset(&t->out);
			t->masked += mask_line(&t->mask,
			    (struct slice){t->line.data, t->line.len}, &t->out,
			    NULL, 0);
			buf_reset(&t->line);
		}
		len += lf != NULL;
		p += len;
		n -= len;
	}
}

static void
on_log(void *arg, const char *p, size_t n)
{
	struct result_taker *t = arg;

	t->bytes += n;
	if (t->log != NULL && t->bytes <= TAKEN_MAX)
		log_taker_add(t->log, p, n);
	if (t->rules != 0)
		look_through(t, p, n);
}

struct result_taker *
result_taker_new(unsigned rules)
{
	struct result_taker *t = must(calloc(1, sizeof(*t)));

	t->rules = rules;
	t->scratch = arena_new(0);
	t->inflate = result_inflate_new(RESULT_LOG_MAX, on_log, t);
	return t;
}

void
result_taker_free(struct result_taker *t)
{
	if (t == NULL)
		return;
	log_taker_free(t->log);
	result_inflate_free(t->inflate);
	arena_free(t->scratch);
	buf_clear(&t->line);
	buf_clear(&t->out);
	free(t);
}

void
result_taker_forget(struct result_taker *t)
{
	t->taken = NULL;
}

void
result_taker_begin(struct result_taker *t, bool compressed, bool excerpt)
{
	t->bytes = 0;
	t->mask = (struct mask){.rules = t->rules};
	buf_reset(&t->line);
	result_inflate_begin(t->inflate, compressed);
	log_taker_free(t->log);
	t->log = NULL;
	if (!excerpt)
		return;
	arena_reset(t->scratch);
	t->taken = NULL;
	t->log = log_taker_new(t->scratch, t->rules);
}

enum result_log_state
result_taker_add(struct result_taker *t, struct slice piece)
{
	return result_inflate_add(t->inflate, piece);
}

enum result_log_state
result_taker_end(struct result_taker *t)
{
	enum result_log_state state = result_inflate_end(t->inflate);

	if (t->rules != 0)
		look_through(t, "\n", 1);
	if (t->log != NULL)
		t->taken = log_taker_end(t->log);
	log_taker_free(t->log);
	t->log = NULL;
	return state;
}

uint64_t
result_taker_bytes(const struct result_taker *t)
{
	return t->bytes;
}

uint64_t
result_taker_masked(const struct result_taker *t)
{
	return t->masked;
}

/* The last lines, as many as there is room for. */
static const char *
excerpt_of(struct arena *a, const struct taken_log *log)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	size_t from = log->nexcerpt, bytes = 0;

	while (from > 0 && log->nexcerpt - from < EXCERPT_LINES) {
		bytes += strlen(log->excerpt[from - 1].text) + 1;
		if (bytes > EXCERPT_BYTES)
			break;
		from--;
	}
	for (size_t i = from; i < log->nexcerpt; i++)
		buf_addf(
		    &text, "%s%s", i > from ? "\n" : "", log->excerpt[i].text);
	return utf8_scrub(a, text.len > 0 ? text.data : "", text.len);
}

struct result_end
result_taker_excerpt(const struct result_taker *t, struct arena *a)
{
	const struct taken_log *log = t->taken;

	if (log == NULL || log->size == 0)
		return (struct result_end){"", ""};
	return (struct result_end){
	    utf8_scrub(a, log->first_line, strlen(log->first_line)),
	    excerpt_of(a, log)};
}
