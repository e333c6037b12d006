/* result_compare.c: two runs of the same test; see result_load.h. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/result_load.h"

static const char *const turns[RESULT_TURNS] = {
    "", "failing", "passing", "new", "gone"};

const char *
result_turn_word(enum result_turn t)
{
	return turns[t];
}

bool
result_turn_parse(const char *word, enum result_turn *out)
{
	for (size_t i = RESULT_FAILING; i < RESULT_TURNS; i++)
		if (strcmp(turns[i], word) == 0) {
			*out = (enum result_turn)i;
			return true;
		}
	return false;
}

/* A case by what its name is compared as. */
struct key {
	const char *name;
	size_t i;
};

static int
by_name(const void *x, const void *y)
{
	const struct key *a = x, *b = y;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : (a->i > b->i) - (a->i < b->i);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Length of a stretch of hex digits with a digit in it, at least six long, or
 * of digits alone; 0 if there is none. */
static size_t
number_length(const char *s)
{
	size_t n = 0, digits = 0;

	while (is_hex(s[n]))
		digits += is_digit(s[n++]);
	if (n >= 6 && digits > 0)
		return n;
	for (n = 0; is_digit(s[n]); n++)
		;
	return n;
}

static const char *
without_numbers(struct arena *a, const char *name)
{
	char *out = arena_alloc(a, strlen(name) + 1), *to = out;

	while (*name != '\0') {
		size_t n = number_length(name);
		*to++ = n > 0 ? '#' : *name;
		name += n > 0 ? n : 1;
	}
	*to = '\0';
	return out;
}

/* One pass over what isn't paired yet. */
static struct key *
keys_of(struct arena *a, const struct result_run *run, const size_t *pair,
    bool plain, size_t *n)
{
	struct key *key = arena_calloc(a, run->ncases + 1, sizeof(*key));

	*n = 0;
	for (size_t i = 0; i < run->ncases; i++) {
		const char *name = run->cases[i].name;
		if (pair[i] != SIZE_MAX)
			continue;
		if (!plain)
			name = without_numbers(a, name);
		key[(*n)++] = (struct key){name, i};
	}
	if (*n > 1)
		qsort(key, *n, sizeof(*key), by_name);
	return key;
}

struct pairs {
	size_t *now, *before; /* the other's index, or SIZE_MAX */
};

static void
pair_up(struct arena *a, const struct result_run *now,
    const struct result_run *before, struct pairs *p, bool plain)
{
	size_t n, m, i = 0, k = 0;
	const struct key *x = keys_of(a, now, p->now, plain, &n);
	const struct key *y = keys_of(a, before, p->before, plain, &m);

	while (i < n && k < m) {
		int order = strcmp(x[i].name, y[k].name);
		if (order == 0) {
			p->now[x[i].i] = y[k].i;
			p->before[y[k].i] = x[i].i;
		}
		i += order <= 0;
		k += order >= 0;
	}
}

static size_t *
nobody(struct arena *a, size_t n)
{
	size_t *pair = arena_calloc(a, n + 1, sizeof(*pair));

	for (size_t i = 0; i < n; i++)
		pair[i] = SIZE_MAX;
	return pair;
}

static enum result_turn
turn_of(unsigned char was, unsigned char is)
{
	bool failed = result_status_class(was) == RESULT_FAILED;
	enum result_class now = result_status_class(is);

	if (now == RESULT_FAILED)
		return failed ? RESULT_AS_BEFORE : RESULT_FAILING;
	return failed && now == RESULT_PASSED ? RESULT_PASSING
					      : RESULT_AS_BEFORE;
}

void
result_compare(
    struct arena *a, struct result_view *v, const struct result_run *before)
{
	struct pairs p = {nobody(a, v->run.ncases), nobody(a, before->ncases)};

	pair_up(a, &v->run, before, &p, true);
	pair_up(a, &v->run, before, &p, false);
	v->turn = arena_calloc(a, v->run.ncases + 1, 1);
	v->was = arena_calloc(a, v->run.ncases + 1, 1);
	for (size_t i = 0; i < v->run.ncases; i++) {
		enum result_turn t = RESULT_NEW;
		if (p.now[i] != SIZE_MAX) {
			v->was[i] = before->cases[p.now[i]].status;
			t = turn_of(v->was[i], v->run.cases[i].status);
		}
		v->turn[i] = (unsigned char)t;
		v->turns[t]++;
	}
	v->gone = arena_calloc(a, before->ncases + 1, sizeof(*v->gone));
	for (size_t i = 0; i < before->ncases; i++)
		if (p.before[i] == SIZE_MAX)
			v->gone[v->ngone++] = before->cases[i];
	v->turns[RESULT_GONE] = v->ngone;
}
