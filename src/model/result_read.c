/* result_read.c: see result_read.h. */
#include "model/result_read.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/memory.h"
#include "model/result_parts.h"
#include "model/result_take.h"
#include "json/jescape.h"
#include "json/jevents.h"

#define ZSTD_LEVEL 3
#define CONFIGURATION_MAX ((size_t)128 << 10)
#define NOTES_MAX 50
#define WORD_MAX 64

/* What the container at hand is. */
enum where {
	AT_TOP,
	AT_RUN,
	AT_CONFIGURATION, /* and all below */
	AT_RESULT,
	AT_CASE,
	AT_SECTIONS,
	AT_SUITE,
	AT_LOG, /* {"compressed": ...} */
	AT_OTHER
};

/* What the string at hand is. */
enum text_use { USE_NONE, USE_CONFIGURATION, USE_WORD, USE_LOG };

struct result_reader {
	struct arena *a;
	const char *name;
	struct jevents *events;
	struct result_file *file;
	/* the file itself */
	struct digest *digest;
	struct buf piece, packed;
	size_t pieces_cap, packed_bytes, runs_cap, notes_cap;
	/* where the document stands */
	enum where where[JEVENTS_DEPTH_MAX + 1];
	unsigned depth;
	struct buf key;   /* the last one, as far as it goes */
	const char *kind; /* of the sections at hand */
	struct raw_run *runs;
	size_t nruns;
	struct raw_run *run; /* the one at hand, or NULL */
	struct result_case *at_case;
	struct result_suite *at_suite;
	struct buf configuration;
	size_t ncases; /* of all runs */
	/* of the string at hand */
	enum text_use use;
	char word[WORD_MAX];
	size_t nword;
	struct result_taker *taker; /* of logs */
	uint64_t all_logs;          /* bytes of those that have ended */
};

static void PRINTF_LIKE(2, 3)
    note(struct result_reader *r, const char *fmt, ...)
{
	struct result_file *f = r->file;
	char text[ERR_TEXT_MAX];
	va_list ap;

	if (f->nnotes == NOTES_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	f->notes = arena_grow(
	    r->a, f->notes, &r->notes_cap, f->nnotes + 1, sizeof(*f->notes));
	f->notes[f->nnotes++] = utf8_scrub(r->a, text, strlen(text));
}

/* ---- the file itself ---- */

static void
flush_piece(struct result_reader *r)
{
	struct result_file *f = r->file;
	struct result_piece *p;

	f->pieces = arena_grow(
	    r->a, f->pieces, &r->pieces_cap, f->npieces + 1, sizeof(*p));
	p = &f->pieces[f->npieces++];
	buf_reset(&r->packed);
	zstd_pack(&r->packed, r->piece.data, r->piece.len, ZSTD_LEVEL);
	p->start = f->size;
	p->size = (uint32_t)r->piece.len;
	p->zstd = (struct slice){
	    arena_strndup(r->a, r->packed.data, r->packed.len), r->packed.len};
	r->packed_bytes += r->packed.len;
	f->size += r->piece.len;
	buf_reset(&r->piece);
}

static enum err
keep(struct result_reader *r, const char *p, size_t n, struct errinfo *ei)
{
	digest_add(r->digest, p, n);
	while (n > 0) {
		size_t room = RESULT_PIECE - r->piece.len;
		size_t take = n < room ? n : room;
		buf_add(&r->piece, p, take);
		p += take;
		n -= take;
		if (r->piece.len == RESULT_PIECE)
			flush_piece(r);
	}
	if (r->packed_bytes > RESULT_PACKED_MAX)
		return err_set(ei, ERR_TOO_BIG, "%s: more than %zu MiB, packed",
		    r->name, RESULT_PACKED_MAX >> 20);
	if (arena_used(r->a) - r->packed_bytes > RESULT_PARSED_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "%s: more results than this server takes", r->name);
	return ERR_OK;
}

/* ---- logs ---- */

/* "ptestresult.rawlogs" */
static bool
is_raw_log(const struct result_case *c)
{
	return slice_ends(slice_of(c->name), ".rawlogs");
}

static void
begin_log(struct result_reader *r, bool compressed)
{
	r->use = USE_LOG;
	result_taker_begin(r->taker, compressed,
	    r->at_case != NULL && !is_raw_log(r->at_case));
}

/* Where the log at hand is, for sentences. */
static const char *
log_owner(const struct result_reader *r)
{
	return r->at_case != NULL ? r->at_case->name : r->at_suite->name;
}

static enum err
check_log(
    struct result_reader *r, enum result_log_state state, struct errinfo *ei)
{
	if (state == RESULT_LOG_LIMIT)
		return err_set(ei, ERR_TOO_BIG,
		    "%s: the log of %.200s inflates to more than %llu MiB",
		    r->name, log_owner(r),
		    (unsigned long long)(RESULT_LOG_MAX >> 20));
	if (r->all_logs + result_taker_bytes(r->taker) > RESULT_LOGS_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "%s: its logs inflate to more than %llu MiB", r->name,
		    (unsigned long long)(RESULT_LOGS_MAX >> 20));
	return ERR_OK;
}

static enum err
end_log(struct result_reader *r, struct errinfo *ei)
{
	enum result_log_state state = result_taker_end(r->taker);
	uint64_t bytes = result_taker_bytes(r->taker);
	enum err err = check_log(r, state, ei);

	if (state == RESULT_LOG_BROKEN)
		note(r, "the log of %.200s can't be inflated", log_owner(r));
	r->all_logs += bytes;
	r->run->run.log_bytes += bytes;
	if (r->at_case != NULL)
		r->at_case->log = true;
	if (r->at_suite != NULL) {
		r->at_suite->log = true;
		r->at_suite->log_size = bytes;
	}
	return err;
}

/* ---- cases and suites ---- */

/* The last key as a name that stays. */
static const char *
name_of(struct result_reader *r)
{
	struct slice s = {r->key.data, r->key.len};

	if (s.n > RESULT_NAME_MAX) {
		note(r, "a name of %zu bytes was cut", s.n);
		return utf8_cut(
		    r->a, utf8_scrub(r->a, s.p, s.n), RESULT_NAME_MAX);
	}
	return utf8_scrub(r->a, s.p, s.n);
}

static enum err
add_case(struct result_reader *r, struct errinfo *ei)
{
	struct result_run *run = &r->run->run;
	size_t i = run->ncases++;

	if (++r->ncases > RESULT_CASES_MAX)
		return err_set(ei, ERR_TOO_BIG, "%s: more than %d results",
		    r->name, RESULT_CASES_MAX);
	run->cases = arena_grow(
	    r->a, run->cases, &r->run->cases_cap, i + 1, sizeof(*run->cases));
	r->at_case = &run->cases[i];
	*r->at_case = (struct result_case){
	    .name = name_of(r), .micros = -1, .first_line = "", .excerpt = ""};
	r->nword = 0;
	result_taker_forget(r->taker);
	return ERR_OK;
}

/* Entries without a status are no results: raw logs, sections and others. */
static void
end_case(struct result_reader *r)
{
	struct result_case *c = r->at_case;
	struct result_end end;

	r->at_case = NULL;
	if (c->status == UINT8_MAX) {
		c->status = 0; /* a word that nobody knows */
	} else if (c->status == 0) {
		r->run->run.rawlog |= c->log && is_raw_log(c);
		r->run->run.ncases--;
		r->ncases--;
		return;
	}
	if (result_status_class(c->status) != RESULT_FAILED)
		return;
	end = result_taker_excerpt(r->taker, r->a);
	c->first_line = end.first_line;
	c->excerpt = end.excerpt;
}

/* Of "ptestresult.sections"; true if the last key is such. */
static bool
read_kind(struct result_reader *r)
{
	static const char end[] = "result.sections";
	struct slice s = {r->key.data, r->key.len};

	if (!slice_ends(s, end) || s.n > WORD_MAX)
		return false;
	r->kind = utf8_scrub(r->a, s.p, s.n - strlen(end));
	return true;
}

static enum err
add_suite(struct result_reader *r, struct errinfo *ei)
{
	struct result_run *run = &r->run->run;
	size_t i = run->nsuites++;

	if (++r->ncases > RESULT_CASES_MAX)
		return err_set(ei, ERR_TOO_BIG, "%s: more than %d results",
		    r->name, RESULT_CASES_MAX);
	run->suites = arena_grow(r->a, run->suites, &r->run->suites_cap, i + 1,
	    sizeof(*run->suites));
	r->at_suite = &run->suites[i];
	*r->at_suite = (struct result_suite){
	    .kind = r->kind, .name = name_of(r), .exit = "", .seconds = NAN};
	return ERR_OK;
}

/* ---- scalars ---- */

static bool
is_key(const struct result_reader *r, const char *key)
{
	return slice_is((struct slice){r->key.data, r->key.len}, key);
}

static void
set_duration(struct result_reader *r)
{
	double seconds;

	if (!str_to_double(r->word, r->nword, &seconds) || seconds < 0 ||
	    seconds > 1e9)
		return;
	if (r->at_suite != NULL)
		r->at_suite->seconds = seconds;
	else
		r->at_case->micros = (int64_t)(seconds * 1e6 + 0.5);
}

/* A short string or a number of a case or suite is complete. */
static void
end_word(struct result_reader *r)
{
	struct slice word = {r->word, r->nword};
	enum where at = r->where[r->depth];

	if (at == AT_CASE && is_key(r, "status")) {
		r->at_case->status = result_status_read(word);
		if (r->at_case->status == 0)
			r->at_case->status = UINT8_MAX;
	} else if (is_key(r, "duration")) {
		set_duration(r);
	} else if (at == AT_SUITE && is_key(r, "exitcode")) {
		r->at_suite->exit = utf8_scrub(r->a, word.p, word.n);
	}
}

static bool
is_log_key(const struct result_reader *r)
{
	enum where at = r->where[r->depth];

	if (at == AT_LOG)
		return is_key(r, "compressed");
	return (at == AT_CASE || at == AT_SUITE) && is_key(r, "log");
}

/* ---- the configuration, written again ---- */

static void
separate(struct buf *b)
{
	if (b->len > 0 && strchr("{[:,", b->data[b->len - 1]) == NULL)
		buf_addc(b, ',');
}

static void
write_word(struct buf *b, const char *s, size_t n)
{
	separate(b);
	buf_add(b, s, n);
}

static void
configuration_event(
    struct result_reader *r, enum jevent event, struct slice text)
{
	static const char *const words[] = {[JEVENT_OBJECT] = "{",
	    [JEVENT_ARRAY] = "[",
	    [JEVENT_TRUE] = "true",
	    [JEVENT_FALSE] = "false",
	    [JEVENT_NULL] = "null",
	    [JEVENT_TEXT] = "\""};
	struct buf *b = &r->configuration;

	switch (event) {
	case JEVENT_OBJECT_END:
		buf_addc(b, '}');
		break;
	case JEVENT_ARRAY_END:
		buf_addc(b, ']');
		break;
	case JEVENT_KEY:
		separate(b);
		buf_addc(b, '"');
		jescape_add(b, text.p, text.n);
		buf_adds(b, "\":");
		break;
	case JEVENT_PIECE:
		jescape_add(b, text.p, text.n);
		break;
	case JEVENT_TEXT_END:
		buf_addc(b, '"');
		break;
	case JEVENT_NUMBER:
		write_word(b, text.p, text.n);
		break;
	default:
		write_word(b, words[event], strlen(words[event]));
		break;
	}
}

static enum err
end_configuration(struct result_reader *r, struct errinfo *ei)
{
	if (r->configuration.failed)
		return err_set(ei, ERR_TOO_BIG,
		    "%s: a configuration of more than %zu KiB", r->name,
		    CONFIGURATION_MAX >> 10);
	r->run->configuration = (struct slice){
	    arena_strndup(r->a, r->configuration.data, r->configuration.len),
	    r->configuration.len};
	return ERR_OK;
}

/* ---- containers ---- */

static enum err
begin_run(struct result_reader *r, struct errinfo *ei)
{
	struct raw_run *run;

	if (r->nruns == RESULT_RUNS_MAX)
		return err_set(ei, ERR_TOO_BIG, "%s: more than %d result ids",
		    r->name, RESULT_RUNS_MAX);
	r->runs =
	    arena_grow(r->a, r->runs, &r->runs_cap, r->nruns + 1, sizeof(*run));
	run = &r->runs[r->nruns++];
	*run = (struct raw_run){.run.id = name_of(r),
	    .run.position = jevents_position(r->events),
	    .configuration = {NULL, 0}};
	r->run = run;
	return ERR_OK;
}

/* An object begins; what it is follows from where it stands. */
static enum err
begin_object(struct result_reader *r, enum where *is, struct errinfo *ei)
{
	*is = AT_OTHER;
	switch (r->where[r->depth]) {
	case AT_TOP:
		*is = AT_RUN;
		return begin_run(r, ei);
	case AT_RUN:
		if (is_key(r, "result"))
			*is = AT_RESULT;
		else if (is_key(r, "configuration"))
			*is = AT_CONFIGURATION;
		return ERR_OK;
	case AT_RESULT:
		*is = read_kind(r) ? AT_SECTIONS : AT_CASE;
		return *is == AT_CASE ? add_case(r, ei) : ERR_OK;
	case AT_SECTIONS:
		*is = AT_SUITE;
		return add_suite(r, ei);
	case AT_CASE:
	case AT_SUITE:
		if (is_log_key(r))
			*is = AT_LOG;
		return ERR_OK;
	default:
		return ERR_OK;
	}
}

static enum err
not_results(const struct result_reader *r, struct errinfo *ei)
{
	return err_set(ei, ERR_INPUT,
	    "%s: no test results: each member should have a configuration and "
	    "a result",
	    r->name);
}

static enum err
push(struct result_reader *r, bool object, struct errinfo *ei)
{
	enum where is = AT_OTHER;
	enum err err = ERR_OK;

	if (r->depth == 0 && r->where[0] == AT_OTHER) {
		is = AT_TOP;
		if (!object)
			return not_results(r, ei);
	} else if (r->where[r->depth] == AT_CONFIGURATION) {
		is = AT_CONFIGURATION;
	} else if (object) {
		err = begin_object(r, &is, ei);
	}
	if (is == AT_CONFIGURATION && r->where[r->depth] == AT_RUN)
		buf_reset(&r->configuration);
	r->where[++r->depth] = is;
	return err;
}

static enum err
end_run(struct result_reader *r, struct errinfo *ei)
{
	if (r->run->configuration.p == NULL || !r->run->has_result)
		return not_results(r, ei);
	return ERR_OK;
}

static enum err
pop(struct result_reader *r, struct errinfo *ei)
{
	enum where was = r->where[r->depth--];

	switch (was) {
	case AT_RUN:
		return end_run(r, ei);
	case AT_RESULT:
		r->run->has_result = true;
		return ERR_OK;
	case AT_CONFIGURATION:
		return r->where[r->depth] == AT_RUN ? end_configuration(r, ei)
						    : ERR_OK;
	case AT_CASE:
		end_case(r);
		return ERR_OK;
	case AT_SUITE:
		r->at_suite = NULL;
		return ERR_OK;
	default:
		return ERR_OK;
	}
}

/* ---- events ---- */

static void
begin_text(struct result_reader *r)
{
	enum where at = r->where[r->depth];

	r->use = USE_NONE;
	r->nword = 0;
	if (at == AT_CASE && (is_key(r, "stdout") || is_key(r, "stderr")))
		r->at_case->log = true; /* it is shown with the log */
	else if (is_log_key(r))
		begin_log(r, at == AT_LOG);
	else if (at == AT_CASE || at == AT_SUITE)
		r->use = USE_WORD;
}

static enum err
add_text(struct result_reader *r, struct slice s, struct errinfo *ei)
{
	size_t room = WORD_MAX - r->nword;

	if (r->use == USE_LOG)
		return check_log(r, result_taker_add(r->taker, s), ei);
	if (r->use != USE_WORD)
		return ERR_OK;
	memcpy(r->word + r->nword, s.p, s.n < room ? s.n : room);
	r->nword += s.n < room ? s.n : room;
	return ERR_OK;
}

static enum err
end_text(struct result_reader *r, struct errinfo *ei)
{
	if (r->use == USE_LOG)
		return end_log(r, ei);
	if (r->use == USE_WORD)
		end_word(r);
	return ERR_OK;
}

static enum err
scalar(struct result_reader *r, enum jevent event, struct slice text,
    struct errinfo *ei)
{
	enum where at = r->where[r->depth];

	if (r->depth == 0 || at == AT_TOP)
		return not_results(r, ei);
	if (event == JEVENT_TRUE && at == AT_SUITE && is_key(r, "timeout"))
		r->at_suite->timeout = true;
	if (event != JEVENT_NUMBER || (at != AT_CASE && at != AT_SUITE))
		return ERR_OK;
	r->nword = text.n < WORD_MAX ? text.n : WORD_MAX;
	memcpy(r->word, text.p, r->nword);
	end_word(r);
	return ERR_OK;
}

static enum err
on_event(void *arg, enum jevent event, struct slice text, struct errinfo *ei)
{
	struct result_reader *r = arg;
	enum err err = ERR_OK;

	if (event == JEVENT_OBJECT || event == JEVENT_ARRAY)
		err = push(r, event == JEVENT_OBJECT, ei);
	if (r->where[r->depth] == AT_CONFIGURATION)
		configuration_event(r, event, text);
	if (event == JEVENT_OBJECT_END || event == JEVENT_ARRAY_END)
		return pop(r, ei);
	if (err != ERR_OK || event == JEVENT_OBJECT || event == JEVENT_ARRAY ||
	    r->where[r->depth] == AT_CONFIGURATION)
		return err;
	switch (event) {
	case JEVENT_KEY:
		buf_reset(&r->key);
		buf_add(&r->key, text.p, text.n);
		return ERR_OK;
	case JEVENT_TEXT:
		if (r->depth == 0 || r->where[r->depth] == AT_TOP)
			return not_results(r, ei);
		begin_text(r);
		return ERR_OK;
	case JEVENT_PIECE:
		return add_text(r, text, ei);
	case JEVENT_TEXT_END:
		return end_text(r, ei);
	default:
		return scalar(r, event, text, ei);
	}
}

/* ---- all of it ---- */

struct result_reader *
result_reader_new(struct arena *a, const char *name, unsigned rules)
{
	struct result_reader *r = must(calloc(1, sizeof(*r)));

	r->a = a;
	r->name = name;
	r->file = arena_zalloc(a, sizeof(*r->file));
	r->events = jevents_new(name, on_event, r);
	r->digest = digest_new();
	r->taker = result_taker_new(rules);
	r->configuration.limit = CONFIGURATION_MAX;
	r->where[0] = AT_OTHER;
	buf_adds(&r->key, "");
	return r;
}

void
result_reader_free(struct result_reader *r)
{
	if (r == NULL)
		return;
	result_taker_free(r->taker);
	jevents_free(r->events);
	digest_free(r->digest);
	buf_clear(&r->piece);
	buf_clear(&r->packed);
	buf_clear(&r->key);
	buf_clear(&r->configuration);
	free(r);
}

enum err
result_reader_add(
    struct result_reader *r, const char *p, size_t n, struct errinfo *ei)
{
	enum err err = keep(r, p, n, ei);

	return err == ERR_OK ? jevents_add(r->events, p, n, ei) : err;
}

/* Of ids that stand twice the later counts. */
static bool
comes_again(const struct result_reader *r, size_t i)
{
	for (size_t k = i + 1; k < r->nruns; k++)
		if (strcmp(r->runs[k].run.id, r->runs[i].run.id) == 0)
			return true;
	return false;
}

enum err
result_reader_end(
    struct result_reader *r, const struct result_file **out, struct errinfo *ei)
{
	struct result_file *f = r->file;
	enum err err = jevents_end(r->events, ei);

	if (err == ERR_OK && r->nruns == 0)
		return not_results(r, ei);
	if (r->piece.len > 0)
		flush_piece(r);
	f->masked = result_taker_masked(r->taker);
	digest_end(r->digest, f->sha256);
	f->runs = arena_calloc(r->a, r->nruns + 1, sizeof(*f->runs));
	for (size_t i = 0; err == ERR_OK && i < r->nruns; i++) {
		if (comes_again(r, i))
			continue;
		err = result_run_finish(r->a, r->name, &r->runs[i], ei);
		f->runs[f->nruns++] = r->runs[i].run;
	}
	*out = f;
	return err;
}
