/* params.c: see params.h. */
#include "web/params.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/build.h"
#include "web/request.h"

#define DAY_US INT64_C(86400000000)

static const char *const status_words[] = {"running", "succeeded", "failed",
    "incomplete", "passed", "unfinished", NULL};

static const char *const rows_words[] = {"thread", "task", NULL};
static const char *const order_words[] = {"time", "commit", NULL};
static const char *const verdict_words[] = {
    "worse", "better", "busier", "calmer", NULL};
static const char *const result_words[] = {
    "passed", "failed", "skipped", "expected", "blocked", "other", NULL};
static const char *const turn_words[] = {
    "failing", "passing", "new", "gone", NULL};
static const char *const of_words[] = {"build", "package", "task", NULL};
static const char *const axis_words[] = {"x", "y", NULL};
static const char *const by_words[] = {
    "task", "package", "type", "build", NULL};

static const char *const part_words[] = {"recipe", "task", "type", NULL};

#define NAME .type = PARAM_TEXT, .max = 255

const struct param_spec param_specs[P__MAX] = {
    [P_BUILDER] = {"builder", NAME, .summary = "who built"},
    [P_MACHINE] = {"machine", NAME, .summary = "MACHINE"},
    [P_DISTRO] = {"distro", NAME, .summary = "DISTRO"},
    [P_IMAGE] = {"image", NAME, .summary = "what was asked for"},
    [P_PACKAGE] = {"package", NAME, .summary = "recipe (PN) or PF"},
    [P_TASK] = {"task", NAME, .summary = "e.g. do_compile"},
    [P_STATUS] = {"status", PARAM_WORD, .words = status_words, .many = true,
	.summary = "how it ended; any of those given"},
    [P_BRANCH] = {"branch", NAME, .summary = "branch of oe-core"},
    [P_COMMIT] = {"commit", NAME, .summary = "commit, or how it begins"},
    [P_LAYER] = {"layer", NAME, .summary = "a layer that took part"},
    [P_TAG] = {"tag", NAME, .many = true, .summary = "all of those given"},
    [P_SINCE] = {"since", PARAM_TIME, .summary = "started then or later"},
    [P_UNTIL] = {"until", PARAM_TIME, .whole_day = true,
	.summary = "started before; a day alone is included"},
    [P_Q] = {"q", NAME, .summary = "words, all of which occur"},
    [P_MIN] = {"min", PARAM_REAL, .max = 1000000000,
	.summary = "shortest time in seconds"},
    [P_METRIC] = {"metric", NAME, .many = true, .summary = "the columns shown"},
    [P_VERSION] = {"version", NAME, .summary = "version of the recipe"},
    [P_BUILD] = {"build", PARAM_INT, .min = 1, .max = INT32_MAX,
	.summary = "the number of a build"},
    [P_SIGNATURE] = {"signature", PARAM_INT, .min = 1, .max = INT32_MAX,
	.summary = "the number of a signature"},
    [P_LINE] = {"line", PARAM_INT, .min = 1, .max = INT32_MAX,
	.summary = "a line of the log"},
    [P_ROWS] = {"rows", PARAM_WORD, .words = rows_words,
	.summary = "what a row of the chart is"},
    [P_WITH] = {"with", PARAM_INT, .min = 1, .max = INT32_MAX,
	.summary = "the number of a build to draw beside it"},
    [P_BUILDS] = {"build", PARAM_INT, .min = 1, .max = INT32_MAX, .many = true,
	.summary = "the numbers of the builds, up to ten"},
    [P_BASE] = {"base", NAME,
	.summary = "what they are compared with: a build's number, tag:NAME, "
		   "or median:N of the N of the same kind before"},
    [P_BY] = {"by", PARAM_WORD, .words = by_words,
	.summary = "what makes a row"},
    [P_ALL] = {"all", PARAM_INT, .min = 0, .max = 1,
	.summary = "1: with tasks that not all builds ran"},
    [P_LEAST] = {"min", PARAM_REAL, .max = INT64_C(1000000000000000),
	.summary = "the least that one of the values reaches"},
    [P_DIFF] = {"diff", PARAM_REAL, .max = INT64_C(1000000000000000),
	.summary = "the least difference"},
    [P_SHARE] = {"change", PARAM_REAL, .max = 1000000,
	.summary = "the least difference in percent"},
    [P_SIZE_SHARE] = {"size_change", PARAM_REAL, .max = 1000000, .fallback = 1,
	.summary = "sizes that differ by more percent are listed"},
    [P_ORDER] = {"x", PARAM_WORD, .words = order_words,
	.summary = "the order of runs: when they started, or their oe-core "
		   "commits as first seen"},
    [P_VERDICT] = {"verdict", PARAM_WORD, .words = verdict_words, .many = true,
	.summary = "steps of that kind; any of those given"},
    [P_NUMBER] = {"metric", NAME, .summary = "what is followed"},
    [P_RESULT] = {"status", PARAM_WORD, .words = result_words, .many = true,
	.summary = "how the test ended; any of those given"},
    [P_TURN] = {"turned", PARAM_WORD, .words = turn_words, .many = true,
	.summary = "what became of the test since the run before; any of "
		   "those given"},
    [P_RUN] = {"run", PARAM_TEXT, .max = 1024, .summary = "a result id"},
    [P_SUITE] = {"suite", PARAM_TEXT, .max = 1024,
	.summary = "a suite, or how the names of its tests begin"},
    [P_CASE] = {"case", PARAM_TEXT, .max = 1024, .summary = "a test"},
    [P_PART] = {"by", PARAM_WORD, .words = part_words,
	.summary = "what makes a row: a recipe, a task of it, or all tasks of "
		   "a name"},
    [P_FREE] = {"free", NAME,
	.summary = "what might take no time: a recipe, a task (do_compile), "
		   "or recipe:task"},
    [P_THREADS] = {"threads", PARAM_INT, .min = 1, .max = 10000,
	.summary = "on how many threads the build is replayed"},
    [P_X] = {"x", NAME,
	.summary = "time, a dimension such as machine or commit, or a number "
		   "such as elapsed or max:io.read_bytes"},
    [P_Y] = {"y", NAME,
	.summary = "a number: elapsed, tasks, a metric; sum: or max: in front "
		   "says what is made of several tasks' values"},
    [P_GROUP] = {"group", NAME,
	.summary = "a dimension: its values are told apart"},
    [P_OF] = {"of", PARAM_WORD, .words = of_words,
	.summary = "what a point is: a build, a recipe in one, or a task"},
    [P_LOG] = {"log", PARAM_WORD, .words = axis_words, .many = true,
	.summary = "the axes that are logarithmic"},
    [P_EVERY] = {"all", PARAM_INT, .min = 0, .max = 1,
	.summary = "1: up to 10,000 points, not just the newest 2,000"},
    [P_SORT] = {"sort", NAME, .summary = "a column, with - in front downwards"},
    [P_PAGE] = {"page", PARAM_INT, .min = 1, .max = 1000000, .fallback = 1,
	.summary = "page of the table"},
    [P_PER] = {"per", PARAM_PER, .min = 1, .max = 1000, .fallback = 100,
	.summary = "rows of a page; all in .json and .csv"},
};

const char *
param_takes(struct arena *a, enum param p)
{
	const struct param_spec *spec = &param_specs[p];
	struct buf b = BUF_INIT;
	const char *text;

	switch (spec->type) {
	case PARAM_TEXT:
		return arena_printf(
		    a, "a text of up to %" PRId64 " bytes", spec->max);
	case PARAM_INT:
		return arena_printf(a,
		    "a whole number from %" PRId64 " to %" PRId64, spec->min,
		    spec->max);
	case PARAM_PER:
		return arena_printf(a,
		    "a whole number from %" PRId64 " to %" PRId64 ", or all",
		    spec->min, spec->max);
	case PARAM_REAL:
		return arena_printf(a, "a number from %" PRId64 " to %" PRId64,
		    spec->min, spec->max);
	case PARAM_TIME:
		return "a day (2026-11-22), a time (2026-11-22T12:53Z), or "
		       "how long ago (12h, 7d, 4w)";
	case PARAM_WORD:
		break;
	}
	for (size_t i = 0; spec->words[i] != NULL; i++)
		buf_addf(&b, "%s%s",
		    i == 0                       ? ""
		    : spec->words[i + 1] == NULL ? " or "
						 : ", ",
		    spec->words[i]);
	text = arena_strdup(a, b.data);
	buf_clear(&b);
	return text;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
percent_decode(
    struct arena *a, const char *s, size_t n, bool plus, const char **out)
{
	char *d = arena_alloc(a, n + 1);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		int hi, lo;
		if (s[i] != '%') {
			d[len++] = plus && s[i] == '+' ? ' ' : s[i];
			continue;
		}
		hi = n - i > 2 ? hex_digit(s[i + 1]) : -1;
		lo = hi >= 0 ? hex_digit(s[i + 2]) : -1;
		if (lo < 0)
			return false;
		d[len++] = (char)(hi << 4 | lo);
		i += 2;
	}
	d[len] = '\0';
	*out = d;
	return utf8_clean(d, len);
}

/* "7d": that long before now. */
static bool
read_ago(const char *s, size_t n, int64_t now, int64_t *us)
{
	uint64_t count;
	int64_t unit;

	if (n < 2 || !str_to_u64(s, n - 1, &count) || count > 100000)
		return false;
	switch (s[n - 1]) {
	case 'h':
		unit = DAY_US / 24;
		break;
	case 'd':
		unit = DAY_US;
		break;
	case 'w':
		unit = 7 * DAY_US;
		break;
	default:
		return false;
	}
	*us = now - (int64_t)count * unit;
	return true;
}

static bool
read_time(
    const struct param_spec *spec, const char *s, int64_t now, int64_t *us)
{
	size_t n = strlen(s);

	if (read_ago(s, n, now, us))
		return true;
	if (!str_to_time(s, n, us))
		return false;
	if (spec->whole_day && n == 10)
		*us += DAY_US;
	return true;
}

static bool
read_word(const struct param_spec *spec, const char *s)
{
	for (const char *const *w = spec->words; *w != NULL; w++)
		if (strcmp(*w, s) == 0)
			return true;
	return false;
}

static bool
read_int(const struct param_spec *spec, const char *s, int64_t *out)
{
	return str_to_i64(s, strlen(s), out) && *out >= spec->min &&
	       *out <= spec->max;
}

static bool
read_value(enum param p, const char *s, int64_t now, struct param_values *out)
{
	const struct param_spec *spec = &param_specs[p];
	struct param_value *v = &out->value[p];

	switch (spec->type) {
	case PARAM_TEXT:
		return strlen(s) <= (size_t)spec->max;
	case PARAM_WORD:
		return read_word(spec, s);
	case PARAM_TIME:
		return read_time(spec, s, now, &v->i);
	case PARAM_REAL:
		return str_to_double(s, strlen(s), &v->d) &&
		       v->d >= (double)spec->min && v->d <= (double)spec->max;
	case PARAM_PER:
		if (strcmp(s, "all") == 0) {
			out->all = true;
			v->i = spec->max;
			return true;
		}
		return read_int(spec, s, &v->i);
	case PARAM_INT:
		return read_int(spec, s, &v->i);
	}
	return false;
}

static bool
find_param(const char *name, param_set known, enum param *out)
{
	for (unsigned p = 0; p < P__MAX; p++)
		if ((known & PARAM(p)) != 0 &&
		    strcmp(param_specs[p].name, name) == 0) {
			*out = (enum param)p;
			return true;
		}
	return false;
}

/* The value, decoded and without blanks around it. */
static bool
decode_value(struct arena *a, struct slice raw, const char **out)
{
	struct slice s;

	if (!percent_decode(a, raw.p, raw.n, true, out))
		return false;
	s = slice_trim(slice_of(*out));
	*out = arena_strndup(a, s.p, s.n);
	return true;
}

struct reader {
	struct arena *arena;
	param_set known, seen;
	int64_t now;
	struct param_values *out;
	struct errinfo *ei;
};

static enum err
read_pair(struct reader *r, struct slice pair)
{
	struct slice name;
	const char *key, *text;
	struct param_value *v;
	enum param p;

	slice_cut(&pair, '=', &name);
	if (!percent_decode(r->arena, name.p, name.n, true, &key) ||
	    !find_param(key, r->known, &p))
		return ERR_OK;
	v = &r->out->value[p];
	if ((r->seen & PARAM(p)) != 0 && !param_specs[p].many)
		return err_set(
		    r->ei, ERR_INPUT, "The parameter %s was given twice.", key);
	r->seen |= PARAM(p);
	if (!decode_value(r->arena, pair, &text))
		return err_set(r->ei, ERR_INPUT,
		    "The parameter %s holds bytes that are no text.", key);
	if (text[0] == '\0')
		return ERR_OK; /* an empty field of a form */
	if (v->n == PARAM_VALUES_MAX)
		return err_set(r->ei, ERR_INPUT,
		    "The parameter %s was given more than %d times.", key,
		    PARAM_VALUES_MAX);
	if (!read_value(p, text, r->now, r->out))
		return err_set(r->ei, ERR_INPUT,
		    "The parameter %s takes %s, not \"%.60s\".", key,
		    param_takes(r->arena, p), text);
	v->text[v->n++] = text;
	return ERR_OK;
}

static void
set_fallbacks(struct param_values *out)
{
	*out = (struct param_values){0};
	for (size_t p = 0; p < P__MAX; p++)
		out->value[p].i = param_specs[p].type == PARAM_TIME
				      ? TIME_UNKNOWN
				      : param_specs[p].fallback;
}

enum err
params_read(struct arena *a, const char *query, param_set known, int64_t now,
    struct param_values *out, struct errinfo *ei)
{
	struct slice rest = slice_of(query), pair;
	struct reader r = {a, known, 0, now, out, ei};

	set_fallbacks(out);
	if (rest.n > QUERY_BYTES_MAX)
		return err_set(ei, ERR_INPUT,
		    "The address has a query of more than %d bytes.",
		    QUERY_BYTES_MAX);
	for (size_t n = 0; rest.n > 0; n++) {
		enum err err;
		if (n == QUERY_PAIRS_MAX)
			return err_set(ei, ERR_INPUT,
			    "The address has more than %d parameters.",
			    QUERY_PAIRS_MAX);
		slice_cut(&rest, '&', &pair);
		err = read_pair(&r, pair);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

/* ---- page.h ---- */

static const struct param_value *
value_of(const struct page_context *cx, enum param p)
{
	return &cx->request->params.value[p];
}

const char *
param_text(const struct page_context *cx, enum param p)
{
	const struct param_value *v = value_of(cx, p);

	return v->n > 0 ? v->text[0] : "";
}

bool
param_given(const struct page_context *cx, enum param p)
{
	return value_of(cx, p)->n > 0;
}

int64_t
param_int(const struct page_context *cx, enum param p)
{
	return value_of(cx, p)->i;
}

double
param_real(const struct page_context *cx, enum param p)
{
	return value_of(cx, p)->d;
}

int64_t
param_time(const struct page_context *cx, enum param p)
{
	return value_of(cx, p)->i;
}

size_t
param_texts(const struct page_context *cx, enum param p, const char ***out)
{
	const struct param_value *v = value_of(cx, p);

	*out = arena_calloc(cx->arena, v->n + 1, sizeof(**out));
	for (size_t i = 0; i < v->n; i++)
		(*out)[i] = v->text[i];
	return v->n;
}

size_t
param_ints(const struct page_context *cx, enum param p, int64_t **out)
{
	const struct param_value *v = value_of(cx, p);

	*out = arena_calloc(cx->arena, v->n + 1, sizeof(**out));
	for (size_t i = 0; i < v->n; i++)
		str_to_i64(v->text[i], strlen(v->text[i]), &(*out)[i]);
	return v->n;
}
