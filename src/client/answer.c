/* answer.c: see answer.h. */
#include "client/answer.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "json/jobj.h"

#define SENTENCE_MAX 300

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

/* A word of a line that scripts split at blanks. */
static void
add_word(struct buf *b, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		buf_addc(b, (unsigned char)*p <= ' ' || *p == 0x7f ? '_' : *p);
}

static bool
is_web_url(const char *url)
{
	return strncmp(url, "http://", 7) == 0 ||
	       strncmp(url, "https://", 8) == 0;
}

/* A part of a line that people read: one line, no tabs. */
static void
add_words(struct buf *b, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		buf_addc(b, (unsigned char)*p < ' ' || *p == 0x7f ? ' ' : *p);
}

static void
add_failure(struct buf *lines, const struct jobj *failure)
{
	const char *recipe = jobj_text(failure, "recipe");
	const char *task = jobj_text(failure, "task");
	const char *error = jobj_text(failure, "first_line");
	const char *verdict = jobj_text(failure, "verdict");
	const char *url = jobj_text(failure, "url");

	if (!is_web_url(url))
		return;
	buf_adds(lines, "  ");
	add_words(lines, recipe);
	buf_adds(lines, recipe[0] != '\0' && task[0] != '\0' ? " " : "");
	add_words(lines, task);
	if (error[0] != '\0') {
		buf_adds(
		    lines, recipe[0] != '\0' || task[0] != '\0' ? ": " : "");
		add_words(lines, error);
	}
	if (verdict[0] != '\0') {
		buf_adds(lines, " (");
		add_words(lines, verdict);
		buf_addc(lines, ')');
	}
	buf_addc(lines, ' ');
	add_word(lines, url);
	buf_addc(lines, '\n');
}

static void
add_failures(struct buf *lines, const struct jobj *build)
{
	size_t n = jobj_count(build, "failures");

	for (size_t i = 0; i < n && i < ANSWER_FAILURES_MAX; i++) {
		CLEANUP(cleanup_jobj)
		struct jobj *failure = jobj_element(build, "failures", i);
		if (failure != NULL)
			add_failure(lines, failure);
	}
	if (n > ANSWER_FAILURES_MAX)
		buf_addf(lines, "  and %zu more\n", n - ANSWER_FAILURES_MAX);
}

static bool
add_build(struct buf *lines, const struct jobj *build)
{
	const char *status = jobj_text(build, "status");
	const char *name = jobj_text(build, "name");
	const char *url = jobj_text(build, "url");
	int64_t tasks = jobj_number(build, "tasks", -1);
	int64_t failed = jobj_number(
	    build, "failed", (int64_t)jobj_count(build, "failures"));

	if (status[0] == '\0' || name[0] == '\0' || tasks < 0 || failed < 0 ||
	    !is_web_url(url))
		return false;
	add_word(lines, status);
	buf_addc(lines, ' ');
	add_word(lines, name);
	buf_addf(
	    lines, " %" PRId64 " tasks, %" PRId64 " failed ", tasks, failed);
	add_word(lines, url);
	buf_addc(lines, '\n');
	add_failures(lines, build);
	return true;
}

enum err
answer_read(struct slice body, struct buf *lines, struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	size_t n;

	if (jobj_parse(body, &j, NULL) != ERR_OK)
		return err_set(ei, ERR_UPSTREAM,
		    "what answered is no buildstats server: not JSON");
	n = jobj_count(j, "builds");
	for (size_t i = 0; i < n; i++) {
		CLEANUP(cleanup_jobj)
		struct jobj *build = jobj_element(j, "builds", i);
		if (build == NULL || !add_build(lines, build))
			return err_set(ei, ERR_UPSTREAM,
			    "the server's answer lacks a build's name, "
			    "status, tasks or url");
	}
	if (n == 0)
		return err_set(
		    ei, ERR_UPSTREAM, "the server's answer names no build");
	return ERR_OK;
}

static const char *
meaning(long status)
{
	static const struct {
		long status;
		const char *text;
	} texts[] = {
	    {400, "bad request"},
	    {401, "a valid token is needed"},
	    {403, "not allowed"},
	    {404, "there is no upload at this address"},
	    {405, "there is no upload at this address"},
	    {411, "a length is needed"},
	    {413, "too large"},
	    {415, "of a kind that it doesn't take"},
	    {429, "too many uploads, later again"},
	    {500, "it failed"},
	    {502, "its workers are not running"},
	    {503, "it is not available now"},
	    {504, "it took too long"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "unexpected";
}

const char *
answer_refusal(
    struct arena *a, long status, const char *content_type, struct slice body)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	struct slice line;

	if (jobj_parse(body, &j, NULL) == ERR_OK &&
	    jobj_text(j, "error")[0] != '\0')
		return arena_printf(
		    a, "%.*s", SENTENCE_MAX, jobj_text(j, "error"));
	body = slice_trim(body);
	if (strncmp(content_type, "text/plain", 10) == 0 && body.n > 0) {
		slice_line(&body, &line);
		return arena_printf(a, "%.*s",
		    (int)(line.n < SENTENCE_MAX ? line.n : SENTENCE_MAX),
		    line.p);
	}
	return arena_printf(
	    a, "the server answered %ld: %s", status, meaning(status));
}
