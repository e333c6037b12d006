/*
 * sampled_log.c: see sampled_log.h.
 *
 * A block is a line with the time, lines with data, and an empty line.  Only
 * a whole block counts: oe-core may be killed while it writes.
 */
#include "model/sampled_log.h"

#include <string.h>

#include "base/arena.h"
#include "model/intern.h"
#include "model/task_file.h"

/* A path is at most 4,096 bytes, names of interfaces 15. */
#define LINE_MAX_BYTES 4352
#define KIB 1024

struct column_set {
	struct series s; /* times and columns point into the arena */
	size_t cap;
	int64_t *time;
	double *column[SERIES_COLUMNS_MAX];
	bool staged; /* the block at hand has a row */
	double row[SERIES_COLUMNS_MAX];
};

struct sampled_log {
	struct arena *arena;
	enum series_kind kind;
	const char *file;
	unsigned ncolumns;
	size_t nsets, sets_cap;
	struct column_set *sets;
	struct intern names; /* as written; numbered as sets */
	size_t line_no;
	bool in_block;
	int64_t time;
	size_t nline;
	char line[LINE_MAX_BYTES]; /* begun in the last piece */
};

static struct column_set *
add_set(struct sampled_log *log, const char *subject)
{
	struct column_set *set;

	log->sets = arena_grow(log->arena, log->sets, &log->sets_cap,
	    log->nsets + 1, sizeof(*log->sets));
	set = &log->sets[log->nsets++];
	memset(set, 0, sizeof(*set));
	set->s.kind = log->kind;
	set->s.subject = subject;
	set->s.ncolumns = log->ncolumns;
	return set;
}

struct sampled_log *
sampled_log_new(struct arena *a, enum series_kind kind, const char *file,
    const char *subject)
{
	struct sampled_log *log = arena_zalloc(a, sizeof(*log));
	const char *const *names = series_columns(kind);

	log->arena = a;
	log->kind = kind;
	log->file = file;
	intern_init(&log->names, a);
	while (names[log->ncolumns] != NULL)
		log->ncolumns++;
	if (kind != SERIES_NET && kind != SERIES_SPACE)
		add_set(log, subject);
	return log;
}

static enum err
fail(const struct sampled_log *log, struct errinfo *ei, const char *what)
{
	return err_set(
	    ei, ERR_INPUT, "%s line %zu: %s", log->file, log->line_no, what);
}

/* ---- lines ---- */

/* Reads exactly want numbers between blanks. */
static bool
read_numbers(struct slice s, double *out, unsigned want)
{
	for (unsigned i = 0; i < want; i++) {
		struct slice word;
		s = slice_trim(s);
		slice_cut(&s, ' ', &word);
		if (!str_to_double(word.p, word.n, &out[i]))
			return false;
	}
	return slice_trim(s).n == 0;
}

static struct column_set *
find_set(struct sampled_log *log, struct slice subject)
{
	bool is_new;
	uint32_t i = intern_add(&log->names, subject, &is_new);

	if (i == SUBJECTS_MAX)
		return NULL;
	return is_new
		   ? add_set(log, utf8_scrub(log->arena, subject.p, subject.n))
		   : &log->sets[i];
}

/* Cuts "name: " off the line, at the last ": " as names may have one. */
static bool
cut_subject(struct slice *line, struct slice *subject)
{
	for (size_t i = line->n; i-- > 1;) {
		if (line->p[i - 1] != ':' || line->p[i] != ' ')
			continue;
		*subject = (struct slice){line->p, i - 1};
		line->p += i + 1;
		line->n -= i + 1;
		return subject->n > 0;
	}
	return false;
}

static void
scale(double *row, unsigned n, double by)
{
	for (unsigned i = 0; i < n; i++)
		row[i] *= by;
}

/* Into the units of enum series_kind. */
static void
convert(struct sampled_log *log, double *row)
{
	switch (log->kind) {
	case SERIES_MEMORY:
		scale(row, log->ncolumns, KIB);
		break;
	case SERIES_DISK: /* KiB/s, a hundred times too large */
		scale(row, 2, KIB / 100.0);
		row[2] = row[2] > 0;
		break;
	case SERIES_NET: /* two totals come first */
		row[0] = row[2];
		row[1] = row[3];
		break;
	default:
		break;
	}
}

static enum err
data_line(struct sampled_log *log, struct slice line, struct errinfo *ei)
{
	bool named = log->kind == SERIES_NET || log->kind == SERIES_SPACE;
	unsigned want = log->kind == SERIES_NET ? 4 : log->ncolumns;
	struct slice subject = {"", 0};
	struct column_set *set = log->sets;
	double row[SERIES_COLUMNS_MAX];

	if (named && !cut_subject(&line, &subject))
		return fail(log, ei, "expected a name and numbers");
	if (!read_numbers(line, row, want))
		return fail(log, ei, "not the numbers that belong here");
	if (named) {
		subject =
		    slice_of(utf8_scrub(log->arena, subject.p, subject.n));
		if ((set = find_set(log, subject)) == NULL)
			return fail(log, ei, "too many different names");
	} else if (set->staged) {
		return fail(log, ei, "a second line of data");
	}
	convert(log, row);
	memcpy(set->row, row, sizeof(row));
	set->staged = true;
	return ERR_OK;
}

static enum err
time_line(struct sampled_log *log, struct slice line, struct errinfo *ei)
{
	line = slice_trim(line);
	if (!str_to_i64(line.p, line.n, &log->time) || log->time < EPOCH_MIN ||
	    log->time > EPOCH_MAX)
		return fail(log, ei, "not a time");
	log->in_block = true;
	return ERR_OK;
}

/* ---- blocks ---- */

static void
grow(struct sampled_log *log, struct column_set *set)
{
	size_t cap = set->cap == 0 ? 64 : set->cap * 2;
	int64_t *time = arena_alloc(log->arena, cap * sizeof(*time));

	if (set->s.n > 0)
		memcpy(time, set->time, set->s.n * sizeof(*time));
	set->s.time = set->time = time;
	for (unsigned c = 0; c < log->ncolumns; c++) {
		double *column = arena_alloc(log->arena, cap * sizeof(double));
		if (set->s.n > 0)
			memcpy(
			    column, set->column[c], set->s.n * sizeof(double));
		set->s.column[c] = set->column[c] = column;
	}
	set->cap = cap;
}

static enum err
end_block(struct sampled_log *log, struct errinfo *ei)
{
	for (size_t i = 0; i < log->nsets; i++) {
		struct column_set *set = &log->sets[i];
		if (!set->staged)
			continue;
		if (set->s.n == set->cap)
			grow(log, set);
		set->time[set->s.n] = log->time;
		for (unsigned c = 0; c < log->ncolumns; c++)
			set->column[c][set->s.n] = set->row[c];
		set->s.n++;
		set->staged = false;
	}
	log->in_block = false;
	if (arena_over(log->arena))
		return err_set(ei, ERR_TOO_BIG,
		    "%s: more samples than this server takes", log->file);
	return ERR_OK;
}

static enum err
whole_line(struct sampled_log *log, struct slice line, struct errinfo *ei)
{
	bool empty = slice_trim(line).n == 0;

	log->line_no++;
	if (!log->in_block)
		return empty ? ERR_OK : time_line(log, line, ei);
	return empty ? end_block(log, ei) : data_line(log, line, ei);
}

enum err
sampled_log_add(
    struct sampled_log *log, const char *data, size_t n, struct errinfo *ei)
{
	struct slice rest = {data, n}, line;
	enum err e = ERR_OK;

	while (rest.n > 0 && e == ERR_OK) {
		bool ended = slice_cut(&rest, '\n', &line);
		if (log->nline + line.n > sizeof(log->line)) {
			log->line_no++;
			return fail(log, ei, "a line that is too long");
		}
		if (!ended || log->nline > 0) {
			memcpy(log->line + log->nline, line.p, line.n);
			log->nline += line.n;
			line = (struct slice){log->line, log->nline};
		}
		if (!ended)
			break;
		log->nline = 0;
		e = whole_line(log, line, ei);
	}
	return e;
}

/* ---- the end ---- */

static bool
is_all_zero(const struct series *s)
{
	for (unsigned c = 0; c < s->ncolumns; c++)
		for (size_t i = 0; i < s->n; i++)
			if (s->column[c][i] != 0)
				return false;
	return true;
}

struct series *
sampled_log_end(struct sampled_log *log, size_t *n)
{
	struct series *list =
	    arena_calloc(log->arena, log->nsets, sizeof(*list));
	bool cut = log->in_block || log->nline > 0;

	*n = 0;
	for (size_t i = 0; i < log->nsets; i++) {
		struct series *s = &log->sets[i].s;
		if (s->n == 0)
			continue;
		if (cut)
			s->flags |= SERIES_TRUNCATED;
		if (log->kind == SERIES_DISK)
			s->flags |= is_all_zero(s) ? SERIES_NO_DATA
						   : SERIES_UNIT_REPAIRED;
		list[(*n)++] = *s;
	}
	return list;
}
