/*
 * fuzz_log.c: a sampled log; the first byte says of which kind, the second how
 * it is cut into pieces.  How it is cut must not matter.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/build_stats_file.h"
#include "model/sampled_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err
read_log(struct arena *a, enum series_kind kind, struct slice text, size_t step,
    struct series **out, size_t *n)
{
	struct sampled_log *log = sampled_log_new(a, kind, "x.log", "");
	struct errinfo ei = {0};
	enum err e = ERR_OK;

	while (text.n > 0 && e == ERR_OK) {
		size_t k = step < text.n ? step : text.n;
		e = sampled_log_add(log, text.p, k, &ei);
		text.p += k;
		text.n -= k;
	}
	*n = 0;
	if (e == ERR_OK)
		*out = sampled_log_end(log, n);
	else if (ei.text[0] == '\0')
		abort();
	return e;
}

static void
same(const struct series *s, const struct series *t)
{
	if (s->n != t->n || s->flags != t->flags ||
	    strcmp(s->subject, t->subject) != 0 ||
	    memcmp(s->time, t->time, s->n * sizeof(*s->time)) != 0 ||
	    !utf8_clean(s->subject, strlen(s->subject)))
		abort();
	for (unsigned c = 0; c < s->ncolumns; c++)
		if (memcmp(s->column[c], t->column[c], s->n * sizeof(double)) !=
		    0)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a;
	struct slice text;
	struct series *one = NULL, *two = NULL;
	struct build_stats stats;
	struct errinfo ei;
	size_t n, m;

	if (size < 2)
		return 0;
	a = arena_new((size_t)16 << 20);
	text = (struct slice){(const char *)data + 2, size - 2};
	if (data[0] % 8 == 0) {
		if (build_stats_read(a, text, &stats, &ei) == ERR_OK &&
		    stats.ended != TIME_UNKNOWN && stats.ended < stats.started)
			abort();
	} else if (data[0] % 8 <= SERIES_PRESSURE) {
		enum series_kind kind = (enum series_kind)(data[0] % 8);
		enum err e = read_log(a, kind, text, SIZE_MAX, &one, &n);
		if (read_log(a, kind, text, (size_t)data[1] + 1, &two, &m) !=
			e ||
		    n != m)
			abort();
		for (size_t i = 0; i < n; i++)
			same(&one[i], &two[i]);
	}
	arena_free(a);
	return 0;
}
