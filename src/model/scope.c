/* scope.c: see scope.h. */
#include "model/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

#define ARENA_MAX ((size_t)8 << 20)
#define NOTES_MAX 4096

/* The most trusted source first. */
enum source { SRC_BUILD_JSON, SRC_CONSOLE, SRC_REPORT, SRC_BUILD_ID, SRC_REVS };

struct note {
	struct note *next;
	struct slice dir;
	enum source source;
	const char *label; /* for people: "error-report/x.txt" */
	const char *file;  /* its name */
	struct env_facts facts;
	struct error_report report;
	bool broken;
	bool used;
};

struct scopes {
	struct arena *arena;
	struct note *notes;
	size_t n, nruns;
};

struct scopes *
scopes_new(void)
{
	struct scopes *s = calloc(1, sizeof(*s));

	if (s == NULL)
		out_of_memory();
	s->arena = arena_new(ARENA_MAX);
	return s;
}

void
scopes_free(struct scopes *s)
{
	if (s == NULL)
		return;
	arena_free(s->arena);
	free(s);
}

void
scopes_count_run(struct scopes *s)
{
	s->nruns++;
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
	case MEMBER_CONSOLE:
		note->source = SRC_CONSOLE;
		console_log_read(a, text, &note->facts);
		break;
	case MEMBER_REPORT:
		note->source = SRC_REPORT;
		note->broken = !error_report_read(a, text, &note->report);
		note->facts = note->report.facts;
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

enum err
scopes_add(struct scopes *s, const struct member *m, struct slice path,
    struct slice text, struct errinfo *ei)
{
	struct note *note = arena_zalloc(s->arena, sizeof(*note));
	enum err e;

	note->dir.p = arena_strndup(s->arena, m->dir.p, m->dir.n);
	note->dir.n = m->dir.n;
	note->file = arena_strndup(s->arena, m->name.p, m->name.n);
	note->label = m->kind == MEMBER_BUILD_JSON
			  ? utf8_scrub(s->arena, path.p, path.n)
			  : label_of(s, m, path);
	if ((e = read_note(s, note, m, text, ei)) != ERR_OK)
		return e;
	note->label = label_of(s, m, path);
	if (++s->n > NOTES_MAX || arena_over(s->arena))
		return err_set(ei, ERR_TOO_BIG,
		    "too many or too long files beside the buildstats");
	note->next = s->notes;
	s->notes = note;
	return ERR_OK;
}

/* ---- applying ---- */

/*
 * An error report carries the name of its build; error-report.txt, which is
 * the last one's, counts only where there is one build.
 */
static bool
is_about(const struct scopes *s, const struct note *note, struct slice base)
{
	struct slice name;

	switch (note->source) {
	case SRC_BUILD_JSON:
		name = slice_of(note->facts.name);
		return name.n == 0 || !is_build_name(base) ||
		       slice_is(base, name.p);
	case SRC_REPORT:
		name = slice_of(note->file);
		if (slice_is(name, "error-report.txt"))
			return s->nruns == 1;
		return slice_starts(name, "error_report_") &&
		       slice_ends(name, ".txt") && base.n > 0 &&
		       name.n == base.n + strlen("error_report_.txt") &&
		       memcmp(name.p + strlen("error_report_"), base.p,
			   base.n) == 0;
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
	if (note->source == SRC_REPORT && note->broken && out->broken == NULL)
		out->broken = note->label;
	if (note->source == SRC_REPORT && !note->broken && out->report == NULL)
		out->report = &note->report;
	return ERR_OK;
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
	for (size_t i = 0; i < n; i++) {
		enum err e = use_note(a, list[i], env, out, ei);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}
