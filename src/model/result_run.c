/* result_run.c: makes sense of a run of test results; see result_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/result_parts.h"
#include "model/result_read.h"
#include "json/jin.h"

#define LAYERS_MAX 1000
#define WORD_MAX 64
#define POINTS_MAX 16 /* in the name of a suite */
#define MAPS_MAX 64   /* of a configuration: layers, metadata ... */

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

/* ---- the configuration ---- */

static const char *
text_of(struct arena *a, const struct jin_at *top, const char *key)
{
	struct jin_at at;
	struct slice s;

	if (!jin_member(top, key, &at) || !jin_bytes(&at, &s))
		return "";
	return utf8_cut(a, utf8_scrub(a, s.p, s.n), JIN_TEXT_MAX);
}

/* What makes two runs the same test: of oe-core's regression_map, and what a
 * selftest was asked for. */
static void
read_same(const struct jin_at *top, struct result_run *run)
{
	static const char *const keys[][8] = {
	    {"runtime", "TESTSERIES", "IMAGE_BASENAME", "MACHINE",
		"IMAGE_PKGTYPE", "DISTRO", "TCLIBC"},
	    {"sdk", "TESTSERIES", "IMAGE_BASENAME", "MACHINE", "SDKMACHINE"},
	    {"sdkext", "TESTSERIES", "IMAGE_BASENAME", "MACHINE", "SDKMACHINE"},
	    {"oeselftest", "MACHINE", "OESELFTEST_METADATA"},
	    {"manual", "TEST_MODULE", "IMAGE_BASENAME", "MACHINE"},
	    {"", "TESTSERIES", "TEST_MODULE", "IMAGE_BASENAME", "MACHINE",
		"DISTRO", "SDKMACHINE"},
	};
	const size_t last = sizeof(keys) / sizeof(keys[0]) - 1;
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	unsigned char hash[DIGEST_BYTES];
	size_t t = 0;

	while (t < last && strcmp(keys[t][0], run->type) != 0)
		t++;
	buf_adds(&text, run->type);
	for (size_t i = 1; i < 8 && keys[t][i] != NULL; i++) {
		struct jin_at at;
		buf_addc(&text, '\n');
		if (jin_member(top, keys[t][i], &at))
			jin_write_sorted(&at, NULL, &text);
	}
	digest_of(text.data, text.len, hash);
	memcpy(run->same, hash, sizeof(run->same));
}

/* STARTTIME: YYYYMMDDHHMMSS in UTC, as a text or a number. */
static int64_t
read_time(struct arena *a, const struct jin_at *top)
{
	const char *s = text_of(a, top, "STARTTIME");
	char text[24] = "YYYY-MM-DDTHH:MM:SSZ";
	int64_t us;

	if (strlen(s) != 14 || strspn(s, "0123456789") != 14)
		return TIME_UNKNOWN;
	memcpy(text, s, 4);
	for (size_t i = 0; i < 5; i++)
		memcpy(text + 5 + 3 * i, s + 4 + 2 * i, 2);
	return str_to_time(text, 20, &us) ? us : TIME_UNKNOWN;
}

static void
read_layers(struct arena *a, const struct jin_at *top, struct result_run *run)
{
	struct jin_members each;
	struct jin_at list, at;
	struct errinfo ei;
	size_t cap = 0;

	if (!jin_member(top, "LAYERS", &list) ||
	    jin_members(&list, &each, &ei) != ERR_OK)
		return;
	while (run->nlayers < LAYERS_MAX && jin_members_next(&each, &at)) {
		run->layers = arena_grow(a, run->layers, &cap, run->nlayers + 1,
		    sizeof(*run->layers));
		run->layers[run->nlayers++] = (struct layer){
		    utf8_cut(
			a, utf8_scrub(a, at.key, strlen(at.key)), JIN_TEXT_MAX),
		    text_of(a, &at, "branch"), text_of(a, &at, "commit"), -1};
	}
}

static enum err
read_configuration(
    struct arena *a, const char *file, struct raw_run *raw, struct errinfo *ei)
{
	static const struct jin_limits limits = {.bytes = (size_t)256 << 10,
	    .containers = LAYERS_MAX + MAPS_MAX,
	    .values = 16384,
	    .rewritten = true};
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	struct result_run *run = &raw->run;
	struct jin_at top;
	enum err err =
	    jin_parse_within(file, raw->configuration, &limits, &j, ei);

	if (err != ERR_OK)
		return err;
	top = jin_top(j);
	run->type = text_of(a, &top, "TEST_TYPE");
	run->machine = text_of(a, &top, "MACHINE");
	run->distro = text_of(a, &top, "DISTRO");
	run->image = text_of(a, &top, "IMAGE_BASENAME");
	run->host_distro = text_of(a, &top, "HOST_DISTRO");
	run->host = text_of(a, &top, "HOST_NAME");
	run->ran = read_time(a, &top);
	read_layers(a, &top, run);
	read_same(&top, run);
	jin_write(j, &text);
	run->configuration = utf8_scrub(a, text.data, text.len);
	return ERR_OK;
}

/* ---- groups ---- */

static int
by_suite(const void *x, const void *y)
{
	const struct result_suite *a = x, *b = y;
	int order = strcmp(a->kind, b->kind);

	return order != 0 ? order : strcmp(a->name, b->name);
}

static bool
has_suite(const struct result_run *run, const char *kind, const char *name)
{
	const struct result_suite key = {.kind = kind, .name = name};

	return run->nsuites > 0 && bsearch(&key, run->suites, run->nsuites,
				       sizeof(*run->suites), by_suite) != NULL;
}

/* The longest suite that the test's name begins with, else what stands before
 * the first point. */
static size_t
suite_length(const struct result_run *run, struct slice kind, const char *rest)
{
	size_t best = strcspn(rest, "."), n = best;
	char name[RESULT_NAME_MAX + 4], of[WORD_MAX];

	if (kind.n >= sizeof(of) || strlen(rest) >= sizeof(name))
		return best;
	memcpy(of, kind.p, kind.n);
	of[kind.n] = '\0';
	for (int points = 0; points < POINTS_MAX; points++) {
		memcpy(name, rest, n);
		name[n] = '\0';
		if (has_suite(run, of, name))
			best = n;
		if (rest[n] == '\0')
			break;
		n += 1 + strcspn(rest + n + 1, ".");
	}
	return best;
}

/* Bytes of the name that tell the group. */
static size_t
group_length(const struct result_run *run, const char *name)
{
	static const char mark[] = "result";
	size_t first = strcspn(name, "."), n = strlen(mark);
	struct slice kind = {name, first > n ? first - n : 0};

	if (name[first] == '\0' || kind.n == 0 ||
	    memcmp(name + kind.n, mark, n) != 0)
		return first;
	return first + 1 + suite_length(run, kind, name + first + 1);
}

/* While cases are sorted, group is the length of its name. */
static int
by_group(const void *x, const void *y)
{
	const struct result_case *a = x, *b = y;
	size_t n = a->group < b->group ? a->group : b->group;
	int order = memcmp(a->name, b->name, n);

	if (order == 0 && a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (order == 0)
		order = strcmp(a->name, b->name);
	return order != 0 ? order
			  : (a->order > b->order) - (a->order < b->order);
}

static bool
same_group(const struct result_case *a, const struct result_case *b)
{
	return a->group == b->group && memcmp(a->name, b->name, a->group) == 0;
}

/* Of names that stand twice the later counts, as for every reader of JSON. */
static void
drop_doubles(struct result_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->ncases; i++) {
		if (n > 0 &&
		    strcmp(run->cases[n - 1].name, run->cases[i].name) == 0)
			n--;
		run->cases[n++] = run->cases[i];
	}
	run->ncases = n;
}

static void
make_groups(struct arena *a, struct result_run *run)
{
	struct result_case last = {0};
	size_t n = 0;

	for (size_t i = 0; i < run->ncases; i++)
		n += i == 0 || !same_group(&run->cases[i - 1], &run->cases[i]);
	run->groups = arena_calloc(a, n + 1, sizeof(*run->groups));
	for (size_t i = 0; i < run->ncases; i++) {
		struct result_case *c = &run->cases[i];
		if (i == 0 || !same_group(&last, c))
			run->groups[run->ngroups++] = (struct result_group){
			    arena_strndup(a, c->name, c->group), i, 0};
		last = *c;
		c->group = (uint32_t)(run->ngroups - 1);
		run->groups[c->group].n++;
	}
}

/* ---- sums ---- */

static void
count(struct result_run *run)
{
	int64_t micros = 0;

	for (size_t i = 0; i < run->ncases; i++) {
		const struct result_case *c = &run->cases[i];
		run->counts[result_status_class(c->status)]++;
		if (c->micros > 0)
			micros += c->micros;
	}
	run->seconds = (double)micros / 1e6;
}

static void
hash(struct result_run *run)
{
	struct digest *d = digest_new();

	digest_add(d, run->configuration, strlen(run->configuration) + 1);
	for (size_t i = 0; i < run->ncases; i++) {
		const struct result_case *c = &run->cases[i];
		digest_add(d, c->name, strlen(c->name) + 1);
		digest_add(d, &c->status, 1);
		digest_add(d, &c->micros, sizeof(c->micros));
	}
	digest_end(d, run->content);
	digest_free(d);
}

enum err
result_run_finish(
    struct arena *a, const char *file, struct raw_run *raw, struct errinfo *ei)
{
	struct result_run *run = &raw->run;
	enum err err = read_configuration(a, file, raw, ei);

	if (err != ERR_OK)
		return err;
	if (run->nsuites > 1)
		qsort(
		    run->suites, run->nsuites, sizeof(*run->suites), by_suite);
	for (size_t i = 0; i < run->ncases; i++) {
		run->cases[i].order = (uint32_t)i;
		run->cases[i].group =
		    (uint32_t)group_length(run, run->cases[i].name);
	}
	if (run->ncases > 1)
		qsort(run->cases, run->ncases, sizeof(*run->cases), by_group);
	drop_doubles(run);
	make_groups(a, run);
	count(run);
	hash(run);
	return ERR_OK;
}
