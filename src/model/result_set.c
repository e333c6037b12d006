/* result_set.c: see result_set.h. */
#include "model/result_set.h"

#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/memory.h"
#include "model/build_name.h"
#include "model/environment.h"
#include "model/member.h"
#include "model/result_read.h"

#define US INT64_C(1000000)
#define SLACK (60 * US)           /* clocks aren't exact */
#define TOGETHER (12 * 3600 * US) /* results of one build */

struct one {
	const struct result_file *file;
	const struct result_run *run;
	const char *label; /* of the file, for people */
	struct slice dir;
	bool used;
};

struct result_set {
	struct arena *arena;
	unsigned rules;
	struct one *one;
	size_t n, cap;
	const struct result_file *last;
	/* the file at hand */
	struct result_reader *reader;
	struct slice dir;
	const char *label;
	struct errinfo why;
	const char *broken;
};

struct result_set *
result_set_new(const struct bundle_limits *limits)
{
	struct result_set *s = must(calloc(1, sizeof(*s)));

	s->arena = arena_new(0);
	s->rules = limits->mask;
	return s;
}

void
result_set_free(struct result_set *s)
{
	if (s == NULL)
		return;
	result_reader_free(s->reader);
	arena_free(s->arena);
	free(s);
}

/* ---- reading ---- */

void
result_set_begin(struct result_set *s, struct slice dir, struct slice path)
{
	s->label = utf8_scrub(s->arena, path.p, path.n);
	s->dir = (struct slice){arena_strndup(s->arena, dir.p, dir.n), dir.n};
	result_reader_free(s->reader);
	s->reader = result_reader_new(s->arena, s->label, s->rules);
	s->why = (struct errinfo){0};
}

/* After a failure nothing more is looked at. */
void
result_set_data(struct result_set *s, const char *p, size_t n)
{
	enum err err = s->why.code;

	if (err == ERR_OK)
		err = result_reader_add(s->reader, p, n, &s->why);
	s->why.code = err;
}

static void
add_file(struct result_set *s, const struct result_file *f)
{
	s->last = f;
	s->one = arena_grow(
	    s->arena, s->one, &s->cap, s->n + f->nruns, sizeof(*s->one));
	for (size_t i = 0; i < f->nruns; i++)
		s->one[s->n++] = (struct one){.file = f,
		    .run = &f->runs[i],
		    .label = s->label,
		    .dir = s->dir};
}

enum err
result_set_end(struct result_set *s, const char **why, struct errinfo *ei)
{
	const struct result_file *f;
	enum err err = s->why.code;

	*why = NULL;
	if (err == ERR_OK)
		err = result_reader_end(s->reader, &f, &s->why);
	result_reader_free(s->reader);
	s->reader = NULL;
	if (err == ERR_TOO_BIG)
		return err_set(ei, err, "%s", s->why.text);
	if (arena_used(s->arena) > RESULT_PACKED_MAX + RESULT_PARSED_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "the test results are larger than this server takes");
	if (err == ERR_OK) {
		add_file(s, f);
		return ERR_OK;
	}
	*why = arena_strdup(s->arena, s->why.text);
	if (s->broken == NULL)
		s->broken = *why;
	return ERR_OK;
}

const struct result_file *
result_set_last(const struct result_set *s)
{
	return s->last;
}

const char *
result_set_broken(const struct result_set *s)
{
	return s->broken;
}

/* ---- of a run ---- */

/* Where several runs could have made it, it is of the one during which it was
 * made. */
static bool
fits(const struct one *o, const struct build *b)
{
	const struct result_run *r = o->run;

	if (r->ran == TIME_UNKNOWN || b->ended == TIME_UNKNOWN ||
	    r->ran < b->started - SLACK || r->ran > b->ended + SLACK)
		return false;
	return r->machine[0] == '\0' || b->env.machine[0] == '\0' ||
	       strcmp(r->machine, b->env.machine) == 0;
}

static bool
is_of(const struct one *o, const struct scopes *scopes, struct slice dir,
    bool only, const struct build *b)
{
	if (o->used)
		return false;
	if (only)
		return true;
	if (!dir_holds(o->dir, dir))
		return false;
	return scopes_is_only_run(scopes, o->dir) || fits(o, b);
}

void
result_set_give(struct result_set *s, const struct scopes *scopes,
    struct arena *a, struct slice dir, bool only, struct build *b)
{
	struct told_result *list = arena_calloc(a, s->n + 1, sizeof(*list));

	b->results = list;
	for (size_t i = 0; i < s->n; i++) {
		struct one *o = &s->one[i];
		if (!is_of(o, scopes, dir, only, b))
			continue;
		o->used = true;
		list[b->nresults++] = (struct told_result){o->file, o->run};
	}
}

/* ---- of no run ---- */

/* The oldest that is left; without a time it comes last. */
static struct one *
oldest(struct result_set *s)
{
	struct one *best = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct one *o = &s->one[i];
		if (o->used)
			continue;
		if (best == NULL || (o->run->ran != TIME_UNKNOWN &&
					(best->run->ran == TIME_UNKNOWN ||
					    o->run->ran < best->run->ran)))
			best = o;
	}
	return best;
}

static const char *
commit_of(const struct result_run *r)
{
	for (size_t i = 0; i < r->nlayers; i++)
		if (strcmp(r->layers[i].name, "meta") == 0)
			return r->layers[i].commit;
	return "";
}

static bool
may_be_same(const char *a, const char *b)
{
	return a[0] == '\0' || b[0] == '\0' || strcmp(a, b) == 0;
}

static bool
belong_together(const struct result_run *a, const struct result_run *b)
{
	bool near = a->ran == b->ran ||
		    (a->ran != TIME_UNKNOWN && b->ran != TIME_UNKNOWN &&
			b->ran - a->ran < TOGETHER);

	return near && strcmp(a->machine, b->machine) == 0 &&
	       may_be_same(a->distro, b->distro) &&
	       strcmp(a->host, b->host) == 0 &&
	       strcmp(commit_of(a), commit_of(b)) == 0;
}

static void
add_environment(struct arena *a, const struct one *o, const struct build *b,
    struct env_facts *f)
{
	struct environment *env = &f->env;

	env_facts_init(f);
	for (size_t i = 0; i < b->nresults; i++) {
		const struct result_run *r = b->results[i].run;
		if (env->image[0] == '\0')
			env->image = r->image;
		if (env->distro[0] == '\0')
			env->distro = r->distro;
	}
	env->machine = o->run->machine;
	env->host = o->run->host;
	env->host_distro = o->run->host_distro;
	env->nlayers = o->run->nlayers;
	env->layers = o->run->layers;
	if (env->image[0] != '\0') {
		env->ntargets = 1;
		env->targets = arena_calloc(a, 1, sizeof(*env->targets));
		env->targets[0] = env->image;
	}
}

/* The first id names them: a file that grows stays the same. */
static void
add_identity(struct build *b)
{
	static const char kind[] = "test results";
	struct digest *d = digest_new();
	const struct result_run *first = b->results[0].run;

	digest_add(d, kind, sizeof(kind));
	digest_add(d, first->id, strlen(first->id) + 1);
	digest_add(d, first->machine, strlen(first->machine) + 1);
	digest_end(d, b->identity);
	for (size_t i = 0; i < b->nresults; i++)
		digest_add(d, b->results[i].run->content,
		    sizeof(b->results[i].run->content));
	digest_end(d, b->content);
	digest_free(d);
}

static const struct build *
build_of(
    struct arena *a, const struct one *o, struct build *b, int64_t received)
{
	static const char said[] =
	    "Only test results came, and no build that is here fits them";
	struct env_facts f;
	bool timed = o->run->ran != TIME_UNKNOWN && o->run->ran <= received &&
		     o->run->ran > 0;
	const char **repairs = arena_calloc(a, 1, sizeof(*repairs));

	b->results_alone = true;
	b->status = BUILD_INCOMPLETE;
	b->cooker_cpu = -1;
	b->started = timed ? o->run->ran : received;
	b->ended = TIME_UNKNOWN;
	b->name = build_name_of_time(a, b->started);
	add_environment(a, o, b, &f);
	env_merge(a, &b->env, &f.env, o->label);
	env_complete(a, &b->env);
	repairs[0] = said;
	b->repairs = repairs;
	b->nrepairs = 1;
	add_identity(b);
	return b;
}

const struct build *
result_set_next(struct result_set *s, struct arena *a, int64_t received)
{
	struct one *first = oldest(s), *o;
	struct build *b = arena_zalloc(a, sizeof(*b));
	struct told_result *list;
	struct env_facts none;

	if (first == NULL)
		return NULL;
	env_facts_init(&none);
	b->env = none.env;
	list = arena_calloc(a, s->n, sizeof(*list));
	b->results = list;
	for (o = first; o != NULL; o = oldest(s)) {
		if (!belong_together(first->run, o->run))
			break;
		list[b->nresults++] = (struct told_result){o->file, o->run};
		o->used = true;
	}
	return build_of(a, first, b, received);
}
