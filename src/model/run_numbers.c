/*
 * run_numbers.c: the file `metrics` of a run; see run.h.
 *
 * Lines "<name> <value>[ <unit>]", as hydra reads them from
 * hydra-metrics; others are passed over.  Of a name that comes twice the last
 * one counts.
 */
#include <string.h>

#include "base/arena.h"
#include "model/metric_unit.h"
#include "model/run_parts.h"
#include "model/scan.h"

#define NAME_MAX_BYTES 120
#define UNIT_MAX_BYTES 16
#define NUMBERS_OF_RUN 1000

/* Letters, digits, '_', '.', '-', '/': fit for addresses. */
static bool
is_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !is_digit(c) && !is_one_of(c, "_.-/"))
			return false;
	}
	return s.n > 0 && s.n <= NAME_MAX_BYTES;
}

static bool
is_unit(struct slice s)
{
	return s.n > 0 && s.n <= UNIT_MAX_BYTES && utf8_clean(s.p, s.n);
}

static struct build_number *
number_called(struct run *r, struct slice name)
{
	for (size_t i = 0; i < r->nnumbers; i++)
		if (slice_is(name, r->numbers[i].name))
			return &r->numbers[i];
	if (r->nnumbers == NUMBERS_OF_RUN)
		return NULL;
	r->numbers = arena_grow(r->arena, r->numbers, &r->numbers_cap,
	    r->nnumbers + 1, sizeof(*r->numbers));
	r->numbers[r->nnumbers] = (struct build_number){
	    .name = arena_strndup(r->arena, name.p, name.n)};
	return &r->numbers[r->nnumbers++];
}

static bool
read_number(struct run *r, struct slice line)
{
	struct slice rest = line, name, value;
	struct build_number *to;
	double v;

	slice_cut(&rest, ' ', &name);
	rest = slice_trim(rest);
	slice_cut(&rest, ' ', &value);
	rest = slice_trim(rest);
	if (!is_name(name) || !str_to_double(value.p, value.n, &v) ||
	    (rest.n > 0 && !is_unit(rest)) ||
	    (to = number_called(r, name)) == NULL)
		return false;
	to->sum = to->max = v;
	to->unit = rest.n > 0 ? arena_strndup(r->arena, rest.p, rest.n) : NULL;
	return true;
}

void
run_numbers(struct run *r, struct slice text)
{
	struct slice line;
	size_t left_out = 0;

	while (slice_line(&text, &line)) {
		line = slice_trim(line);
		if (line.n > 0 && line.p[0] != '#' && !read_number(r, line))
			left_out++;
	}
	if (left_out > 0)
		run_repair(r,
		    "%zu lines of metrics are not understood and were left out",
		    left_out);
}
