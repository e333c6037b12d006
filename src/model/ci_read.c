/* ci_read.c: a document of Buildbot's; see ci.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/ci.h"
#include "model/environment.h"
#include "model/mask.h"
#include "json/jin.h"

#define US INT64_C(1000000)
#define EPOCH_LAST INT64_C(253402300799) /* the year 9999 */

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

struct reader {
	struct arena *a;
	unsigned rules;
	struct ci_run *run;
};

/* "results" of buildbot/process/results.py, and what they are to us. */
static const struct {
	const char *word;
	enum build_status status;
} results[] = {
    {"success", BUILD_SUCCEEDED},
    {"warnings", BUILD_SUCCEEDED},
    {"failure", BUILD_FAILED},
    {"skipped", BUILD_INCOMPLETE},
    {"exception", BUILD_FAILED},
    {"retry", BUILD_INCOMPLETE},
    {"cancelled", BUILD_INCOMPLETE},
};
#define RESULTS ((int64_t)(sizeof(results) / sizeof(results[0])))

/* ---- values ---- */

/* A text as it may be shown: scrubbed, masked, cut. */
static const char *
shown(struct reader *r, struct slice s)
{
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct mask m = {.rules = r->rules};

	mask_line(&m, s, &out, NULL, 0);
	return utf8_cut(r->a,
	    utf8_scrub(r->a, out.len > 0 ? out.data : "", out.len),
	    CI_VALUE_MAX);
}

static const char *
member_text(struct reader *r, const struct jin_at *at, const char *key)
{
	struct jin_at member;
	struct slice s;

	if (!jin_member(at, key, &member) || !jin_bytes(&member, &s))
		return "";
	return utf8_cut(r->a, shown(r, slice_trim(s)), JIN_TEXT_MAX);
}

static bool
member_number(const struct jin_at *at, const char *key, int64_t *out)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	struct jin_at member;

	if (!jin_member(at, key, &member))
		return false;
	jin_write_sorted(&member, NULL, &text);
	return str_to_i64(text.data, text.len, out);
}

/* Seconds since 1970; anything else is no time. */
static int64_t
member_time(const struct jin_at *at, const char *key)
{
	int64_t s;

	if (!member_number(at, key, &s) || s <= 0 || s > EPOCH_LAST)
		return TIME_UNKNOWN;
	return s * US;
}

/* ---- properties: {name: [value, source]} ---- */

/* Its name tells whether it is a secret, as in a log. */
static const char *
property_value(struct reader *r, const char *name, struct slice value)
{
	CLEANUP(buf_clear) struct buf line = BUF_INIT;
	size_t n = strlen(name) + 1;
	const char *masked;

	buf_addf(&line, "%s=", name);
	buf_add(&line, value.p, value.n);
	for (size_t i = n; i < line.len; i++)
		if (line.data[i] == '\n')
			line.data[i] = ' ';
	masked = shown(r, (struct slice){line.data, line.len});
	return strncmp(masked, line.data, n) == 0 ? masked + n : "***";
}

static void
add_property(struct reader *r, const struct jin_at *at)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	struct ci_run *run = r->run;
	struct jin_at value = *at;
	struct errinfo ei;
	struct slice s;
	size_t n;
	const char *name = utf8_cut(
	    r->a, utf8_scrub(r->a, at->key, strlen(at->key)), JIN_TEXT_MAX);

	if (jin_array(at, &n, &ei) == ERR_OK && n > 0)
		value = jin_element(at, 0);
	if (!jin_bytes(&value, &s)) {
		jin_write_sorted(&value, NULL, &text);
		s = (struct slice){text.data, text.len};
	}
	run->names[run->nproperties] = name;
	run->properties[run->nproperties++] = property_value(r, name, s);
}

static void
read_properties(struct reader *r, const struct jin_at *top)
{
	struct jin_members each;
	struct jin_at list, at;
	struct errinfo ei;

	r->run->names =
	    arena_calloc(r->a, CI_PROPERTIES_MAX, sizeof(*r->run->names));
	r->run->properties =
	    arena_calloc(r->a, CI_PROPERTIES_MAX, sizeof(*r->run->properties));
	if (!jin_member(top, "properties", &list) ||
	    jin_members(&list, &each, &ei) != ERR_OK)
		return;
	while (r->run->nproperties < CI_PROPERTIES_MAX &&
	       jin_members_next(&each, &at))
		add_property(r, &at);
}

/* The first of the properties that has a value. */
static const char *
property(const struct ci_run *run, const char *const *names)
{
	for (; *names != NULL; names++)
		for (size_t i = 0; i < run->nproperties; i++)
			if (strcmp(run->names[i], *names) == 0 &&
			    run->properties[i][0] != '\0' &&
			    strcmp(run->properties[i], "null") != 0)
				return run->properties[i];
	return "";
}

/* ---- the rest ---- */

static void
read_stamp(struct reader *r, const struct jin_at *top)
{
	struct jin_at buildset, stamps, first;
	struct errinfo ei;
	size_t n;

	if (!jin_member(top, "buildset", &buildset))
		return;
	r->run->reason = member_text(r, &buildset, "reason");
	if (!jin_member(&buildset, "sourcestamps", &stamps) ||
	    jin_array(&stamps, &n, &ei) != ERR_OK || n == 0)
		return;
	first = jin_element(&stamps, 0);
	r->run->branch = member_text(r, &first, "branch");
	r->run->commit = member_text(r, &first, "revision");
}

/* What properties of the Yocto Project's autobuilder and of others say. */
static void
read_target(struct ci_run *run)
{
	static const char *const machine[] = {"MACHINE", "machine", NULL};
	static const char *const distro[] = {"DISTRO", "distro", NULL};
	static const char *const image[] = {"IMAGE", "image", "target", NULL};
	static const char *const branch[] = {"yp_build_branch", "branch", NULL};
	static const char *const commit[] = {
	    "yp_build_revision", "got_revision", "revision", NULL};
	static const char *const worker[] = {"workername", NULL};

	run->machine = property(run, machine);
	run->distro = property(run, distro);
	run->image = property(run, image);
	if (property(run, branch)[0] != '\0')
		run->branch = property(run, branch);
	if (property(run, commit)[0] != '\0')
		run->commit = property(run, commit);
	run->worker = property(run, worker);
}

static bool
is_web_address(const char *s)
{
	return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

static void
make_identity(struct ci_run *run, const char *token, int64_t buildid)
{
	struct digest *d = digest_new();
	size_t base = strcspn(run->url, "#");
	char number[32];

	snprintf(number, sizeof(number), "\n%" PRId64, buildid);
	digest_add(d, "buildbot\n", 9);
	if (base > 0)
		digest_add(d, run->url, base);
	else
		digest_add(d, token, strlen(token));
	digest_add(d, number, strlen(number));
	digest_end(d, run->identity);
	digest_free(d);
}

static void
read_result(const struct jin_at *top, struct ci_run *run)
{
	struct jin_at complete;
	struct errinfo ei;
	bool is = false;
	int64_t result;

	run->status = BUILD_RUNNING;
	if (!jin_member(top, "complete", &complete) ||
	    jin_bool(&complete, &is, &ei) != ERR_OK)
		is = run->complete != TIME_UNKNOWN;
	if (!is) {
		run->complete = TIME_UNKNOWN;
		return;
	}
	run->status = BUILD_INCOMPLETE;
	run->result = "unknown";
	if (!member_number(top, "results", &result) || result < 0 ||
	    result >= RESULTS)
		return;
	run->status = results[result].status;
	run->result = results[result].word;
}

static enum err
read_document(struct reader *r, const struct jin_at *top, const char *token,
    struct errinfo *ei)
{
	struct ci_run *run = r->run;
	struct jin_at builder;
	int64_t buildid;
	enum err err = jin_object(top, ei);

	if (err != ERR_OK)
		return err;
	if (!member_number(top, "buildid", &buildid) || buildid < 0 ||
	    !jin_member(top, "builder", &builder))
		return err_set(ei, ERR_INPUT,
		    "buildbot: a build's document has a buildid and a "
		    "builder");
	if ((err = jin_object(&builder, ei)) != ERR_OK)
		return err;
	run->kind = "buildbot";
	run->builder = member_text(r, &builder, "name");
	run->url = member_text(r, top, "url");
	if (!is_web_address(run->url))
		run->url = "";
	if (!member_number(top, "number", &run->number) || run->number < 0 ||
	    run->number > INT32_MAX)
		run->number = 0;
	run->state = member_text(r, top, "state_string");
	run->started = member_time(top, "started_at");
	run->complete = member_time(top, "complete_at");
	read_properties(r, top);
	read_stamp(r, top);
	read_target(run);
	read_result(top, run);
	make_identity(run, token, buildid);
	return ERR_OK;
}

enum err
ci_read(struct arena *a, struct slice text, const char *token, unsigned rules,
    struct ci_run *out, struct errinfo *ei)
{
	static const struct jin_limits limits = {
	    .bytes = CI_BYTES_MAX, .containers = 20000, .values = 100000};
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	struct reader r = {a, rules, out};
	struct jin_at top;
	enum err err = jin_parse_within("buildbot", text, &limits, &j, ei);

	*out = (struct ci_run){.url = "",
	    .builder = "",
	    .state = "",
	    .reason = "",
	    .worker = "",
	    .result = "",
	    .branch = "",
	    .commit = ""};
	if (err != ERR_OK)
		return err;
	top = jin_top(j);
	return read_document(&r, &top, token, ei);
}

/* ---- as a build of ours ---- */

const struct build *
ci_build(struct arena *a, const struct ci_run *r, int64_t received)
{
	struct build *b = arena_zalloc(a, sizeof(*b));
	struct env_facts f, none;
	const char **tags = arena_calloc(a, 2, sizeof(*tags));
	const char *said;

	env_facts_init(&f);
	env_facts_init(&none);
	f.env.builder = r->builder;
	f.env.machine = r->machine;
	f.env.distro = r->distro;
	f.env.image = r->image;
	f.env.branch = r->branch;
	f.env.commit = r->commit;
	f.env.ci_url = r->url;
	tags[0] = r->kind;
	tags[1] = r->result;
	f.env.tags = tags;
	f.env.ntags = strcmp(r->result, "") == 0 ||
			      strcmp(r->result, "success") == 0 ||
			      strcmp(r->result, "failure") == 0
			  ? 1
			  : 2;
	b->env = none.env;
	env_merge(a, &b->env, &f.env, "buildbot");
	memcpy(b->identity, r->identity, sizeof(b->identity));
	b->name = arena_printf(a, "%s #%" PRId64, r->builder, r->number);
	b->started = r->started != TIME_UNKNOWN ? r->started : received;
	b->ended = r->complete != TIME_UNKNOWN && r->complete >= b->started
		       ? r->complete
		       : TIME_UNKNOWN;
	if (r->status != BUILD_RUNNING && b->ended == TIME_UNKNOWN)
		b->ended = b->started > received ? b->started : received;
	b->status = r->status;
	b->cooker_cpu = -1;
	said = arena_printf(a, "%s\n%d\n%s\n%s\n%s", b->name, (int)r->status,
	    r->result, r->state, r->url);
	digest_of(said, strlen(said), b->content);
	return b;
}
