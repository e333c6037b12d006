/* report_read.c: a document of report-error.bbclass; see report.h. */
#include <string.h>

#include "archive/digest.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "model/log_take.h"
#include "model/mask.h"
#include "model/pf.h"
#include "model/report.h"
#include "model/report_env.h"
#include "json/jcut.h"

/* Of the document without its logs. */
#define REST_MAX ((size_t)12 << 20)
#define STRING_MAX ((size_t)256 << 10)
#define CONTAINERS_MAX ((size_t)REPORT_FAILURES_MAX + 2000)
#define VALUES_MAX ((size_t)REPORT_FAILURES_MAX * 8 + 20000)
/* Of what is kept of the logs, packed. */
#define MEMORY_MAX ((size_t)12 << 20)
#define SENT_MAX ((size_t)256 << 10)
#define NO_LOG_MAX 32 /* bytes of a log that may say that there is none */
#define TEXT_LEVEL 6
#define HITS_MAX 4 /* of a line that are told */

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);
DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);
DEFINE_CLEANUP(struct report_reader *, cleanup_reader, report_reader_free);

/* The log of failures[i]. */
struct slot {
	const struct taken_log *log; /* NULL: none */
	bool hashed;
	unsigned char sha256[DIGEST_BYTES];
};

struct report_reader {
	struct arena *a;
	unsigned rules;
	struct jcut *cut;
	uint64_t bytes;
	size_t nmasked;
	struct report_masked masked[REPORT_MASKED_MAX]; /* in texts */
	enum err failed;
	struct errinfo why;
	struct report_notes notes;

	size_t nslots, cap;
	struct slot *slots;
	/* of the log at hand */
	struct log_taker *taker;
	struct digest *digest;
	uint64_t log_bytes;
	char head[NO_LOG_MAX];
	/* of what was cut off other texts */
	struct digest *beyond;
	uint64_t beyond_bytes;
};

/* ---- logs, while they stream by ---- */

static void
refuse(struct report_reader *r, const char *what, size_t limit)
{
	if (r->failed == ERR_OK)
		r->failed = err_set(&r->why, ERR_TOO_BIG,
		    "report: more than %zu %s", limit, what);
}

static void
on_element(void *arg, size_t index)
{
	struct report_reader *r = arg;

	if (index >= REPORT_FAILURES_MAX) {
		refuse(r, "failures", REPORT_FAILURES_MAX);
		return;
	}
	/* Some elements may be no objects; a second array of the same name
	 * replaces the first. */
	r->slots =
	    arena_grow(r->a, r->slots, &r->cap, index + 1, sizeof(*r->slots));
	for (size_t i = r->nslots; i < index; i++)
		r->slots[i] = (struct slot){0};
	r->slots[index] = (struct slot){0};
	r->nslots = index + 1;
}

static void
on_begin(void *arg, size_t index)
{
	struct report_reader *r = arg;

	(void)index; /* that of the last element */
	r->log_bytes = 0;
	if (r->failed == ERR_OK)
		r->taker = log_taker_new(r->a, r->rules);
}

static void
on_data(void *arg, const char *p, size_t n)
{
	struct report_reader *r = arg;

	if (r->taker == NULL)
		return;
	if (r->log_bytes < NO_LOG_MAX) {
		size_t room = NO_LOG_MAX - (size_t)r->log_bytes;
		memcpy(r->head + r->log_bytes, p, n < room ? n : room);
	}
	r->log_bytes += n;
	digest_add(r->digest, p, n);
	log_taker_add(r->taker, p, n);
	/* The taker's pieces are in it. */
	if (arena_used(r->a) > MEMORY_MAX)
		refuse(r, "MiB of logs, packed, and their errors",
		    MEMORY_MAX >> 20);
}

/* What the class writes where it had no log to read. */
static bool
is_no_log(const struct report_reader *r)
{
	static const char *const words[] = {
	    "No Log", "Unable to read log file"};
	struct slice log = {r->head, (size_t)r->log_bytes};

	if (r->log_bytes > NO_LOG_MAX)
		return false;
	log = slice_trim(log);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_is(log, words[i]))
			return true;
	return log.n == 0;
}

static void
on_end(void *arg)
{
	struct report_reader *r = arg;
	struct slot *slot = &r->slots[r->nslots - 1];

	if (r->taker == NULL)
		return;
	*slot = (struct slot){.hashed = true};
	digest_end(r->digest, slot->sha256);
	if (!is_no_log(r))
		slot->log = log_taker_end(r->taker);
	log_taker_free(r->taker);
	r->taker = NULL;
	if (arena_used(r->a) > MEMORY_MAX)
		refuse(r, "MiB of logs, packed, and their errors",
		    MEMORY_MAX >> 20);
}

static void
on_cut(void *arg, const char *p, size_t n)
{
	struct report_reader *r = arg;

	r->beyond_bytes += n;
	digest_add(r->beyond, p, n);
}

struct report_reader *
report_reader_new(struct arena *a, unsigned rules)
{
	static const struct jcut_options options = {.array = "failures",
	    .key = "log",
	    .string_max = STRING_MAX,
	    .rest_max = REST_MAX};
	struct report_reader *r = must(calloc(1, sizeof(*r)));
	const struct jcut_sink sink = {
	    on_element, on_begin, on_data, on_end, on_cut, r};

	r->a = a;
	r->rules = rules;
	r->notes.arena = a;
	r->cut = jcut_new(&options, &sink);
	r->digest = digest_new();
	r->beyond = digest_new();
	return r;
}

void
report_reader_free(struct report_reader *r)
{
	if (r == NULL)
		return;
	if (r->taker != NULL)
		log_taker_free(r->taker);
	jcut_free(r->cut);
	digest_free(r->digest);
	digest_free(r->beyond);
	free(r);
}

static enum err
failed(const struct report_reader *r, struct errinfo *ei)
{
	return r->failed == ERR_OK ? ERR_OK
				   : err_set(ei, r->failed, "%s", r->why.text);
}

enum err
report_reader_add(
    struct report_reader *r, const void *data, size_t n, struct errinfo *ei)
{
	if (r->failed != ERR_OK)
		return failed(r, ei);
	r->bytes += n;
	if (r->bytes > REPORT_BYTES_MAX)
		refuse(r, "MiB", REPORT_BYTES_MAX >> 20);
	else
		jcut_add(r->cut, data, n);
	if (jcut_rest(r->cut)->failed)
		refuse(r, "MiB besides its logs", REST_MAX >> 20);
	return failed(r, ei);
}

/* ---- the document without its logs ---- */

/* Logs in their order, each by its hash, or its absence. */
static void
hash_logs(const struct report_reader *r, struct digest *d)
{
	for (size_t i = 0; i < r->nslots; i++) {
		digest_add(d, r->slots[i].hashed ? "L" : "-", 1);
		digest_add(d, r->slots[i].sha256, DIGEST_BYTES);
	}
}

static void
hash_document(const struct report_reader *r, const struct jin_at *top,
    unsigned char out[DIGEST_BYTES])
{
	static const char *const sender[] = {
	    "username", "email", "link_back", NULL};
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	CLEANUP(cleanup_digest) struct digest *d = digest_new();
	unsigned char beyond[DIGEST_BYTES];

	jin_write_sorted(top, sender, &text);
	digest_add(d, text.data, text.len);
	hash_logs(r, d);
	if (r->beyond_bytes > 0) {
		digest_end(r->beyond, beyond);
		digest_add(d, beyond, sizeof(beyond));
	}
	digest_end(d, out);
}

/* What it says besides what has a place of its own, for those who come later
 * and know what it means. */
static const char *
read_sent(struct report_reader *r, const struct jin_at *top)
{
	static const char *const known[] = {"username", "email", "link_back",
	    "failures", "local_conf", "auto_conf", "site_conf", "toolcfg_conf",
	    NULL};
	CLEANUP(buf_clear) struct buf text = BUF_INIT;

	jin_write_sorted(top, known, &text);
	if (text.len <= SENT_MAX)
		return utf8_scrub(r->a, text.data, text.len);
	report_note(&r->notes, "what else it says is too long to be kept");
	return "";
}

/* A text of one line with nothing in it that the rules take out. */
static const char *
masked(struct report_reader *r, const char *text)
{
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct mask m = {.rules = r->rules};

	mask_line(&m, slice_of(text), &out, NULL, 0);
	return utf8_scrub(r->a, out.len > 0 ? out.data : "", out.len);
}

static void
add_masked(struct report_reader *r, const char *where, uint32_t line,
    const char *preview)
{
	if (r->nmasked == REPORT_MASKED_MAX)
		return;
	r->masked[r->nmasked++] =
	    (struct report_masked){where, line, arena_strdup(r->a, preview)};
}

static struct slice
masked_lines(struct report_reader *r, struct slice text, const char *name,
    struct buf *out)
{
	struct mask m = {.rules = r->rules};
	struct mask_hit hit[HITS_MAX];
	struct slice line;

	for (uint32_t number = 1; slice_line(&text, &line); number++) {
		size_t n = mask_line(&m, line, out, hit, HITS_MAX);
		buf_addc(out, '\n');
		for (size_t i = 0; i < n && i < HITS_MAX; i++)
			add_masked(r, name, number, hit[i].preview);
	}
	return (struct slice){out->data, out->len};
}

static void
read_texts(
    struct report_reader *r, const struct jin_at *top, struct report *out)
{
	static const struct {
		const char *key, *name;
	} texts[] = {
	    {"local_conf", "local.conf"},
	    {"auto_conf", "auto.conf"},
	    {"site_conf", "site.conf"},
	    {"toolcfg_conf", "toolcfg.conf"},
	};
	const size_t most = sizeof(texts) / sizeof(texts[0]);

	out->texts = arena_calloc(r->a, most, sizeof(*out->texts));
	for (size_t i = 0; i < most; i++) {
		CLEANUP(buf_clear) struct buf plain = BUF_INIT;
		CLEANUP(buf_clear) struct buf packed = BUF_INIT;
		struct jin_at at;
		struct slice s;
		if (!jin_member(top, texts[i].key, &at) ||
		    !jin_bytes(&at, &s) || slice_trim(s).n == 0)
			continue;
		s = masked_lines(r, s, texts[i].name, &plain);
		zstd_pack(&packed, s.p, s.n, TEXT_LEVEL);
		out->texts[out->ntexts++] = (struct build_text){
		    .name = texts[i].name,
		    .size = s.n,
		    .zstd = {arena_strndup(r->a, packed.data, packed.len),
			packed.len},
		};
	}
}

/* ---- failures ---- */

/* "Nothing provides 'x'" */
static bool
is_no_provider(const char *task)
{
	return strncmp(task, "Nothing provides", 16) == 0;
}

/* The recipe and version of PF, or of PN if that is known. */
static void
split_package(
    struct arena *a, const char *pf, const char *pn, struct told_failure *f)
{
	struct slice recipe, version;
	size_t n = strlen(pn);

	if (n > 0) {
		f->recipe = pn;
		if (strncmp(pf, pn, n) == 0 && pf[n] == '-') {
			f->version = pf + n + 1;
			return;
		}
		pf_split(slice_of(pf), &recipe, &version);
		f->version = arena_strndup(a, version.p, version.n);
		return;
	}
	pf_split(slice_of(pf), &recipe, &version);
	f->recipe = arena_strndup(a, recipe.p, recipe.n);
	f->version = arena_strndup(a, version.p, version.n);
}

struct failure_texts {
	const char *task, *package, *recipe;
};

static struct failure_texts
failure_texts(struct report_reader *r, const struct jin_at *at, size_t i)
{
	const char *place = arena_printf(r->a, "failures[%zu].", i);
	const struct report_field task = {place, "task", 1024},
				  package = {place, "package", 450},
				  recipe = {place, "recipe", 250};

	return (struct failure_texts){report_text(at, &task, &r->notes),
	    report_text(at, &package, &r->notes),
	    report_text(at, &recipe, &r->notes)};
}

static void
sort_out(struct report_reader *r, const struct failure_texts *t,
    struct told_failure *f)
{
	*f = (struct told_failure){.kind = FAILURE_TASK,
	    .recipe = "",
	    .version = "",
	    .task = t->task,
	    .message = "",
	    .seen = TIME_UNKNOWN};
	if (is_no_provider(t->task)) {
		f->kind = FAILURE_NO_PROVIDER;
		f->recipe = t->package;
	} else if (t->package[0] == '\0' && t->recipe[0] == '\0' &&
		   strncmp(t->task, "do_", 3) != 0) {
		f->kind = FAILURE_PARSE;
		pf_of_message(r->a, t->task, &f->recipe, &f->version);
	} else {
		split_package(r->a, t->package, t->recipe, f);
		return;
	}
	f->message = masked(r, t->task);
	f->task = "";
}

static enum err
read_failure(struct report_reader *r, const struct jin_at *at, size_t i,
    struct told_failure *f, struct errinfo *ei)
{
	static const char *const texts[] = {"task", "package", "recipe"};
	struct jin_at member;
	struct slice ignored;
	struct failure_texts t;
	enum err err = jin_object(at, ei);

	if (err != ERR_OK)
		return err;
	for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
		if (jin_member(at, texts[k], &member) &&
		    !jin_bytes(&member, &ignored))
			return jin_fail(&member, "expected a string", ei);
	t = failure_texts(r, at, i);
	sort_out(r, &t, f);
	f->log = i < r->nslots ? r->slots[i].log : NULL;
	return ERR_OK;
}

/* A document that has none of these, and no failures, is something else. */
static bool
looks_like_report(const struct jin_at *top)
{
	static const char *const keys[] = {
	    "machine", "build_sys", "nativelsb", "target_sys", "component"};
	struct jin_at at;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (jin_member(top, keys[i], &at))
			return true;
	return false;
}

static enum err
read_failures(struct report_reader *r, const struct jin_at *top,
    struct report *out, struct errinfo *ei)
{
	struct jin_at array;
	size_t n;
	enum err err;

	if (!jin_member(top, "failures", &array)) {
		if (!looks_like_report(top))
			return err_set(ei, ERR_INPUT,
			    "report: there are no failures in it");
		report_note(&r->notes, "there are no failures in it");
		return ERR_OK;
	}
	if ((err = jin_array(&array, &n, ei)) != ERR_OK)
		return err;
	if (n > REPORT_FAILURES_MAX) {
		refuse(r, "failures", REPORT_FAILURES_MAX);
		return failed(r, ei);
	}
	out->failures = arena_calloc(r->a, n + 1, sizeof(*out->failures));
	out->nfailures = n;
	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		struct jin_at item = jin_element(&array, i);
		err = read_failure(r, &item, i, &out->failures[i], ei);
	}
	return err;
}

/* ---- all of it ---- */

static bool
is_web_address(const char *s)
{
	return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

static void
read_sender(
    struct report_reader *r, const struct jin_at *top, struct report *out)
{
	static const struct report_field username = {"", "username", 50},
					 link = {"", "link_back", 300},
					 type = {"", "error_type", 50};

	out->username = report_text(top, &username, &r->notes);
	out->error_type = report_text(top, &type, &r->notes);
	out->link_back = masked(r, report_text(top, &link, &r->notes));
	if (out->link_back[0] == '\0' || is_web_address(out->link_back))
		return;
	report_note(&r->notes, "link_back is no web address and was left out");
	out->link_back = "";
}

static enum err
read_document(struct report_reader *r, const struct jin_at *top,
    struct report *out, struct errinfo *ei)
{
	struct env_facts facts;
	enum err err = jin_object(top, ei);

	if (err != ERR_OK || (err = read_failures(r, top, out, ei)) != ERR_OK)
		return err;
	env_facts_init(&facts);
	report_environment_read(top, &facts.env, &r->notes);
	facts.env.json = read_sent(r, top);
	out->env = facts.env;
	read_sender(r, top, out);
	read_texts(r, top, out);
	if (r->beyond_bytes > 0)
		report_note(&r->notes, "texts of more than %zu KiB were cut",
		    STRING_MAX >> 10);
	out->nmasked = r->nmasked;
	out->masked = arena_calloc(r->a, r->nmasked + 1, sizeof(*out->masked));
	memcpy(out->masked, r->masked, r->nmasked * sizeof(*out->masked));
	hash_document(r, top, out->sha256);
	out->nnotes = r->notes.n;
	out->notes = r->notes.note;
	return ERR_OK;
}

enum err
report_reader_end(
    struct report_reader *r, struct report *out, struct errinfo *ei)
{
	static const struct jin_limits limits = {.bytes = REST_MAX,
	    .containers = CONTAINERS_MAX,
	    .values = VALUES_MAX,
	    .rewritten = true};
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	struct buf *rest = jcut_rest(r->cut);
	struct jin_at top;
	enum err err = failed(r, ei);

	*out = (struct report){
	    .name = "", .username = "", .link_back = "", .error_type = ""};
	if (err != ERR_OK)
		return err;
	if (rest->len == 0)
		return err_set(ei, ERR_INPUT, "report: it is empty");
	err = jin_parse_within(
	    "report", (struct slice){rest->data, rest->len}, &limits, &j, ei);
	buf_clear(rest);
	if (err != ERR_OK)
		return err;
	top = jin_top(j);
	return read_document(r, &top, out, ei);
}

enum err
report_read(struct arena *a, struct slice text, unsigned rules,
    struct report *out, struct errinfo *ei)
{
	CLEANUP(cleanup_reader)
	struct report_reader *r = report_reader_new(a, rules);
	enum err err = report_reader_add(r, text.p, text.n, ei);

	return err == ERR_OK ? report_reader_end(r, out, ei) : err;
}
