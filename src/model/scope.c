/* scope.c: see scope.h. */
#include "model/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

#define ARENA_MAX ((size_t)8 << 20)
#define NOTES_MAX 4096
#define WORKING_COPY "error-report.txt"
#define REPORT_BEGIN "error_report_"
#define REPORT_END ".txt"

/* The most trusted source first. */
enum source {
	SRC_BUILD_JSON,
	SRC_CONSOLE,
	SRC_REPORT,
	SRC_BUILD_ID,
	SRC_REVS,
	SRC_EVENTS,
	SRC_DEPENDS
};

struct note {
	struct note *next;
	struct slice dir;
	enum source source;
	const char *label; /* for people: "error-report/x.txt" */
	const char *file;  /* its name */
	const char *about; /* of a report: BUILDNAME in its name, or "" */
	struct env_facts facts;
	struct scope_report *report;  /* NULL if it can't be read */
	struct event_doc *events;     /* of SRC_EVENTS */
	struct depends_file *depends; /* of SRC_DEPENDS */
	bool used;
};

struct run_dir {
	struct run_dir *next;
	struct slice dir;
};

struct scopes {
	struct arena *arena;
	struct arena *reports; /* which are larger */
	const struct bundle_limits *limits;
	struct note *notes, **end, *last;
	struct run_dir *runs;
	size_t n;
	struct report_reader *reader;   /* of the report at hand, or NULL */
	struct depends_reader *depends; /* of the file at hand, or NULL */
	struct errinfo why;             /* it can't be read */
	const char *broken;             /* a sentence about a report, or NULL */
	struct note *at;                /* of scopes_next_report */
	bool listing, copies;
};

struct scopes *
scopes_new(const struct bundle_limits *limits)
{
	struct scopes *s = must(calloc(1, sizeof(*s)));

	s->arena = arena_new(ARENA_MAX);
	s->reports = arena_new(limits->pending_bytes);
	s->limits = limits;
	s->end = &s->notes;
	return s;
}

void
scopes_free(struct scopes *s)
{
	if (s == NULL)
		return;
	report_reader_free(s->reader);
	depends_reader_free(s->depends);
	arena_free(s->arena);
	arena_free(s->reports);
	free(s);
}

size_t
scopes_memory(const struct scopes *s)
{
	return arena_used(s->arena) + arena_used(s->reports);
}

void
scopes_add_run(struct scopes *s, struct slice dir)
{
	struct run_dir *r = arena_zalloc(s->arena, sizeof(*r));

	r->dir.p = arena_strndup(s->arena, dir.p, dir.n);
	r->dir.n = dir.n;
	r->next = s->runs;
	s->runs = r;
}

bool
scopes_is_only_run(const struct scopes *s, struct slice dir)
{
	size_t n = 0;

	for (const struct run_dir *r = s->runs; r != NULL && n < 2; r = r->next)
		n += dir_holds(dir, r->dir);
	return n == 1;
}

/* Runs of other names are believed to be the one that is told of. */
static bool
is_run_of(struct slice base, const char *name)
{
	return name[0] == '\0' || !is_build_name(base) || slice_is(base, name);
}

bool
scopes_has_run(const struct scopes *s, struct slice dir, const char *name)
{
	for (const struct run_dir *r = s->runs; r != NULL; r = r->next) {
		struct slice rest = r->dir, base;
		dir_pop(&rest, &base);
		if (dir_holds(dir, r->dir) && is_run_of(base, name))
			return true;
	}
	return false;
}

bool
is_build_name(struct slice s)
{
	if (s.n != 14)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* ---- reading ---- */

/* The BUILDNAME in error_report_NAME.txt; "" if there is none. */
static const char *
report_name(struct arena *a, const char *file)
{
	struct slice s = slice_of(file);

	if (!slice_starts(s, REPORT_BEGIN) || !slice_ends(s, REPORT_END) ||
	    s.n <= strlen(REPORT_BEGIN REPORT_END))
		return "";
	return utf8_scrub(a, s.p + strlen(REPORT_BEGIN),
	    s.n - strlen(REPORT_BEGIN REPORT_END));
}

static bool
is_same(const struct scope_report *a, const struct scope_report *b)
{
	return memcmp(a->report.sha256, b->report.sha256,
		   sizeof(a->report.sha256)) == 0;
}

static const char *
same_as(const struct scopes *s, const struct scope_report *r)
{
	for (const struct note *note = s->notes; note != NULL;
	     note = note->next)
		if (note->report != NULL && is_same(note->report, r))
			return note->label;
	return NULL;
}

void
scopes_report_begin(struct scopes *s)
{
	report_reader_free(s->reader);
	s->reader = report_reader_new(s->reports, s->limits->mask);
	s->why = (struct errinfo){0};
}

/* After a failure nothing more is looked at. */
void
scopes_report_data(struct scopes *s, const void *data, size_t n)
{
	enum err e = s->why.code;

	if (e == ERR_OK)
		e = report_reader_add(s->reader, data, n, &s->why);
	s->why.code = e;
}

/* What makes a report unreadable makes no upload wrong. */
static enum err
read_report(struct scopes *s, struct note *note, struct errinfo *ei)
{
	struct scope_report *r = arena_zalloc(s->arena, sizeof(*r));
	enum err e = s->why.code;

	if (e == ERR_OK)
		e = report_reader_end(s->reader, &r->report, &s->why);
	report_reader_free(s->reader);
	s->reader = NULL;
	if (e == ERR_OK) {
		r->report.name = note->about;
		r->label = note->label;
		r->working_copy = strcmp(note->file, WORKING_COPY) == 0;
		r->same_as = same_as(s, r);
		note->report = r;
		note->facts.env = r->report.env;
	} else if (s->broken == NULL) {
		s->broken =
		    arena_printf(s->arena, "%s: %s", note->label, s->why.text);
	}
	if (arena_over(s->reports))
		return err_set(ei, ERR_TOO_BIG,
		    "the error reports are larger than this server takes");
	return ERR_OK;
}

static enum err
read_events(
    struct scopes *s, struct note *note, struct slice text, struct errinfo *ei)
{
	enum err e;

	note->source = SRC_EVENTS;
	note->events = arena_zalloc(s->arena, sizeof(*note->events));
	e = event_doc_read(s->arena, note->label, text, note->events, ei);
	if (e == ERR_OK)
		event_doc_environment(s->arena, note->events, &note->facts);
	return e;
}

void
scopes_depends_begin(struct scopes *s, const struct member *m)
{
	depends_reader_free(s->depends);
	s->depends = depends_reader_new(
	    slice_starts(m->name, "task-") ? DEPENDS_TASKS : DEPENDS_RECIPES);
}

void
scopes_depends_data(struct scopes *s, const void *data, size_t n)
{
	depends_reader_add(s->depends, data, n);
}

/* It was made for others, too: what is wrong with it makes no upload wrong. */
static void
read_depends(struct scopes *s, struct note *note)
{
	note->source = SRC_DEPENDS;
	note->depends = arena_zalloc(s->arena, sizeof(*note->depends));
	depends_reader_end(s->depends, s->reports, note->depends);
	s->depends = NULL;
}

static enum err
read_note(struct scopes *s, struct note *note, const struct member *m,
    struct slice text, struct errinfo *ei)
{
	struct arena *a = s->arena;

	env_facts_init(&note->facts);
	switch (m->kind) {
	case MEMBER_BUILD_JSON:
		note->source = SRC_BUILD_JSON;
		return build_json_read(a, note->label, text, &note->facts, ei);
	case MEMBER_EVENT_DOC:
		return read_events(s, note, text, ei);
	case MEMBER_CONSOLE:
		note->source = SRC_CONSOLE;
		console_log_read(a, text, &note->facts);
		break;
	case MEMBER_REPORT:
		note->source = SRC_REPORT;
		return read_report(s, note, ei);
	case MEMBER_DEPENDS:
		read_depends(s, note);
		break;
	case MEMBER_BUILD_ID:
		note->source = SRC_BUILD_ID;
		build_id_read(a, text, &note->facts);
		break;
	default:
		note->source = SRC_REVS;
		metadata_revs_read(a, text, &note->facts);
		break;
	}
	return ERR_OK;
}

/* The path as people should read it: what lies before the directory that it
 * tells something about is left out. */
static const char *
label_of(struct scopes *s, const struct member *m, struct slice path)
{
	size_t skip = m->dir.n > 0 ? m->dir.n + 1 : 0;

	return utf8_scrub(s->arena, path.p + skip, path.n - skip);
}

static enum err
keep_note(struct scopes *s, struct note *note, struct errinfo *ei)
{
	if (++s->n > NOTES_MAX || arena_over(s->arena))
		return err_set(ei, ERR_TOO_BIG,
		    "too many or too long files beside the buildstats");
	*s->end = s->last = note;
	s->end = &note->next;
	return ERR_OK;
}

enum err
scopes_add(struct scopes *s, const struct member *m, struct slice path,
    struct slice text, struct errinfo *ei)
{
	struct note *note = arena_zalloc(s->arena, sizeof(*note));
	enum err e;

	note->dir.p = arena_strndup(s->arena, m->dir.p, m->dir.n);
	note->dir.n = m->dir.n;
	note->file = arena_strndup(s->arena, m->name.p, m->name.n);
	note->about = report_name(s->arena, note->file);
	note->label =
	    m->kind == MEMBER_BUILD_JSON || m->kind == MEMBER_EVENT_DOC
		? utf8_scrub(s->arena, path.p, path.n)
		: label_of(s, m, path);
	if ((e = read_note(s, note, m, text, ei)) != ERR_OK)
		return e;
	note->label = label_of(s, m, path);
	return keep_note(s, note, ei);
}

enum err
scopes_add_depends(struct scopes *s, const struct member *m, const char *name,
    const struct depends_file *f, struct errinfo *ei)
{
	struct note *note = arena_zalloc(s->arena, sizeof(*note));

	env_facts_init(&note->facts);
	note->source = SRC_DEPENDS;
	note->dir.p = arena_strndup(s->arena, m->dir.p, m->dir.n);
	note->dir.n = m->dir.n;
	note->file = note->label = depends_file_name(f->kind);
	note->about = "";
	note->facts.name = arena_strdup(s->arena, name);
	note->depends = arena_alloc(s->arena, sizeof(*f));
	*note->depends = *f;
	return keep_note(s, note, ei);
}

const struct scope_report *
scopes_added(const struct scopes *s)
{
	return s->last != NULL ? s->last->report : NULL;
}

const char *
scopes_why(const struct scopes *s)
{
	return s->why.text;
}

/* ---- applying ---- */

/*
 * An error report carries the name of its build; error-report.txt, which is
 * the last one's, counts only where there is one build.
 */
static bool
is_about(const struct scopes *s, const struct note *note, struct slice base)
{
	struct slice name = slice_of(note->facts.name);

	switch (note->source) {
	case SRC_BUILD_JSON:
	case SRC_EVENTS:
		return is_run_of(base, name.p);
	case SRC_REPORT:
		if (strcmp(note->file, WORKING_COPY) == 0)
			return scopes_is_only_run(s, note->dir);
		return base.n > 0 && slice_is(base, note->about);
	case SRC_DEPENDS:
		return name.n > 0 ? slice_is(base, name.p)
				  : scopes_is_only_run(s, note->dir);
	default:
		return true;
	}
}

static int
note_order(const void *x, const void *y)
{
	const struct note *a = *(const struct note *const *)x;
	const struct note *b = *(const struct note *const *)y;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->dir.n != b->dir.n)
		return a->dir.n > b->dir.n ? -1 : 1;
	/* error_report_NAME.txt before error-report.txt; otherwise any order
	 * that isn't the tar's. */
	return strcmp(b->label, a->label);
}

static enum err
use_note(struct arena *a, struct note *note, struct environment *env,
    struct scope_answer *out, struct errinfo *ei)
{
	if (note->source == SRC_BUILD_JSON && note->facts.env.uuid[0] != '\0') {
		if (note->used)
			return err_set(ei, ERR_INPUT,
			    "build.json: its uuid would name more than one "
			    "build");
		note->used = true;
	}
	env_merge(a, env, &note->facts.env, note->label);
	if (out->name[0] == '\0')
		out->name = note->facts.name;
	if (note->source == SRC_REPORT && note->report == NULL &&
	    out->broken == NULL)
		out->broken = note->label;
	return ERR_OK;
}

/* The working copy is the same document, mostly. */
static void
use_report(struct scope_answer *out, struct note *note)
{
	if (note->report == NULL)
		return;
	note->report->used = true;
	for (size_t i = 0; i < out->nreports; i++)
		if (is_same(out->reports[i], note->report))
			return;
	out->reports[out->nreports++] = note->report;
}

static void
use_depends(struct scope_answer *out, const struct note *note)
{
	const struct depends_file *have = out->depends, *d = note->depends;

	if (d == NULL || (have != NULL && d->why != NULL))
		return;
	if (have == NULL || have->why != NULL ||
	    (have->kind != DEPENDS_TASKS && d->kind == DEPENDS_TASKS))
		out->depends = d;
}

enum err
scopes_apply(struct scopes *s, struct arena *a, struct slice dir,
    struct environment *env, struct scope_answer *out, struct errinfo *ei)
{
	struct note **list = NULL;
	struct slice rest = dir, base;
	size_t n = 0, cap = 0;

	*out = (struct scope_answer){.name = ""};
	dir_pop(&rest, &base);
	for (struct note *note = s->notes; note != NULL; note = note->next) {
		if (!dir_holds(note->dir, dir) || !is_about(s, note, base))
			continue;
		list = arena_grow(a, list, &cap, n + 1, sizeof(struct note *));
		list[n++] = note;
	}
	if (n > 1)
		qsort(list, n, sizeof(struct note *), note_order);
	out->reports = arena_calloc(a, n, sizeof(*out->reports));
	for (size_t i = 0; i < n; i++) {
		enum err e = use_note(a, list[i], env, out, ei);
		if (e != ERR_OK)
			return e;
		use_report(out, list[i]);
		if (out->events == NULL)
			out->events = list[i]->events;
		use_depends(out, list[i]);
	}
	return ERR_OK;
}

/* ---- reports without a run ---- */

static bool
is_told(const struct scopes *s, const struct scope_report *r)
{
	for (const struct note *note = s->notes; note != NULL;
	     note = note->next)
		if (note->report != NULL && note->report->used &&
		    is_same(note->report, r))
			return true;
	return false;
}

/* Working copies come last: the others have names. */
const struct scope_report *
scopes_next_report(struct scopes *s)
{
	if (!s->listing)
		s->at = s->notes;
	s->listing = true;
	for (;;) {
		if (s->at == NULL && s->copies)
			return NULL;
		if (s->at == NULL) {
			s->copies = true;
			s->at = s->notes;
			continue;
		}
		struct scope_report *r = s->at->report;
		s->at = s->at->next;
		if (r == NULL || r->working_copy != s->copies || is_told(s, r))
			continue;
		r->used = true;
		return r;
	}
}

const char *
scopes_broken(const struct scopes *s)
{
	return s->broken;
}
