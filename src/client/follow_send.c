/* follow_send.c: requests of a follower and what is answered; see follow.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "client/answer.h"
#include "client/files.h"
#include "client/follow.h"
#include "client/say.h"
#include "net/http_client.h"
#include "json/jobj.h"

#define LEVEL 19
#define RETRY_LEAST_MS 10000
#define RETRY_MOST_MS 300000
#define RESTARTS_MAX 2
#define DROPS_MAX 50

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

/* Not now: 10 s, 20 s, ... 5 minutes, or what the server wished. */
static void
try_later(struct follow *f, struct follow_server *s, int64_t retry_after,
    const char *why)
{
	unsigned shift = s->failures < 5 ? s->failures : 5;
	int64_t wait = (int64_t)RETRY_LEAST_MS << shift;

	if (wait > RETRY_MOST_MS)
		wait = RETRY_MOST_MS;
	if (retry_after * 1000 > wait && retry_after < 86400)
		wait = retry_after * 1000;
	s->not_before = clock_ms() + wait;
	if (s->failures++ == 0 || strcmp(s->why, why) != 0)
		say_note("%s: %s", s->target.base, why);
	snprintf(s->why, sizeof(s->why), "%s", why);
	follow_put(f, "why", why);
}

static void
give_up(struct follow *f, struct follow_server *s, const char *why)
{
	s->dead = true;
	snprintf(s->why, sizeof(s->why), "%s", why);
	say_error("%s: %s", s->target.base, why);
	follow_put(f, "why", why);
}

static void
went_well(struct follow *f, struct follow_server *s)
{
	if (s->failures > 0)
		unlink(arena_printf(f->scratch, "%s/why", f->dir));
	s->failures = 0;
	s->why[0] = '\0';
}

/* What the server has from now on; a journal that can't be written costs
 * sending it again one day. */
static void
keep_journal(
    struct follow *f, struct follow_server *s, struct slice text, bool afresh)
{
	const char *path =
	    arena_printf(f->scratch, "%s/sent-%u", f->dir, s->number);
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_CLOEXEC | (afresh ? O_TRUNC : O_APPEND),
	    0600);

	if (fd < 0 || !file_write(fd, text.p, text.n)) {
		if (!f->told_disk)
			say_note("%s: %s", path, strerror(errno));
		f->told_disk = true;
	}
	if (fd >= 0)
		close(fd);
	follow_journal_text(f, s, text);
}

/* One request; the time that the last one was made is that of its start. */
static enum err
post(struct follow *f, struct follow_server *s, const char *url,
    const char *token, const struct buf *body, struct http_answer *answer)
{
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;
	struct http_request r = {
	    .method = "POST",
	    .url = url,
	    .token = token,
	    .accept = "application/json",
	    .content_type = "application/x-ndjson",
	    .encoding = "zstd",
	    .body_fd = -1,
	};
	struct errinfo ei = {0};
	enum err e;

	zstd_pack(&packed, body->data, body->len, LEVEL);
	r.body = buf_slice(&packed);
	s->last_request = clock_ms();
	e = http_send(f->c->http, &r, answer, &ei);
	if (e != ERR_OK)
		try_later(f, s, 0, ei.text);
	else
		say_detail("%s: %zu bytes, %zu packed: %ld", url, body->len,
		    packed.len, answer->status);
	return e;
}

/* ---- begin ---- */

static void
put_urls(struct follow *f)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;

	for (size_t i = 0; i < f->nservers; i++)
		if (f->server[i].url != NULL)
			buf_addf(&text, "%s\n", f->server[i].url);
	if (text.len > 0)
		follow_put(f, "url", text.data);
}

static bool
is_web_url(const char *url)
{
	return strncmp(url, "http://", 7) == 0 ||
	       strncmp(url, "https://", 8) == 0;
}

/* A token or an address that would break a line. */
static bool
has_blank(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ')
			return true;
	return false;
}

static void
take_begun(
    struct follow *f, struct follow_server *s, const struct http_answer *answer)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	struct slice body = buf_slice(&answer->body);
	const char *token, *url, *text;
	int64_t id;

	if (jobj_parse(body, &j, NULL) != ERR_OK ||
	    (id = jobj_number(j, "id", 0)) <= 0 ||
	    !is_web_url(url = jobj_text(j, "url")) || has_blank(url)) {
		try_later(f, s, 0, "what answered is no buildstats server");
		return;
	}
	token = jobj_text(j, "token");
	if (token[0] == '\0' || has_blank(token)) {
		give_up(f, s, "another one reports this build already");
		return;
	}
	went_well(f, s);
	text = arena_printf(
	    f->scratch, "begun %" PRId64 " %s %s\n", id, token, url);
	keep_journal(f, s, slice_of(text), true);
	put_urls(f);
}

static void
begin(struct follow *f, struct follow_server *s)
{
	CLEANUP(http_answer_clear) struct http_answer answer = {0};
	CLEANUP(buf_clear) struct buf body = BUF_INIT;
	const char *url =
	    arena_printf(f->scratch, "%s/api/v1/builds", s->target.base);
	const char *why;

	follow_begin_body(f, s, &body);
	if (post(f, s, url, s->token, &body, &answer) != ERR_OK)
		return;
	if (answer.status == 200 || answer.status == 201) {
		take_begun(f, s, &answer);
		return;
	}
	why = answer_refusal(f->scratch, answer.status, answer.content_type,
	    buf_slice(&answer.body));
	if (answer.status == 400 || answer.status == 401 ||
	    answer.status == 403 || answer.status == 409 ||
	    answer.status == 413 || answer.status == 415)
		give_up(f, s, why);
	else
		try_later(f, s, answer.retry_after, why);
}

/* ---- events ---- */

/* The server has forgotten the build or doesn't know us: from the start. */
static void
start_again(struct follow *f, struct follow_server *s, const char *why)
{
	if (s->restarts++ >= RESTARTS_MAX) {
		give_up(f, s, why);
		return;
	}
	s->id = 0;
	s->notes = 0;
	s->finished = false;
	s->snapshot = 0;
	intern_init(&s->shapes, f->a);
	for (size_t k = 0; k < f->nitems; k++)
		f->item[k].sent[s->number] = f->item[k].out[s->number] = 0;
	buf_reset(&s->body);
	try_later(f, s, 0, why);
}

/* "line 3: ..." */
static size_t
line_of(const char *why)
{
	struct slice rest = slice_of(why), number;
	uint64_t n;

	if (!slice_starts(rest, "line "))
		return 0;
	rest.p += 5;
	rest.n -= 5;
	slice_cut(&rest, ':', &number);
	return str_to_u64(number.p, number.n, &n) && n < 100000 ? (size_t)n : 0;
}

/* Takes a line out of the body; false if it has no such one. */
static bool
drop_line(struct buf *body, size_t number)
{
	struct slice rest = {body->data, body->len}, line = {0};
	size_t at;

	for (size_t i = 0; i < number; i++)
		if (!slice_line(&rest, &line))
			return false;
	if (number == 0)
		return false;
	at = (size_t)(line.p - body->data);
	memmove(body->data + at, rest.p, rest.n);
	body->len = at + rest.n;
	return true;
}

static void
accept_all(struct follow *f, struct follow_server *s)
{
	went_well(f, s);
	s->restarts = 0;
	keep_journal(f, s,
	    (struct slice){
		s->journal.data != NULL ? s->journal.data : "", s->journal.len},
	    false);
	buf_reset(&s->body);
	buf_reset(&s->journal);
}

/* What a server won't ever take must not hold up the rest. */
static bool
leave_out(struct follow *f, struct follow_server *s, const char *why)
{
	say_note("%s: %s; left out", s->target.base, why);
	if (drop_line(&s->body, line_of(why)) && s->body.len > 0)
		return true;
	accept_all(f, s);
	return false;
}

static bool
is_accepted(const struct http_answer *answer)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	struct slice body = buf_slice(&answer->body);

	return answer->status == 200 && jobj_parse(body, &j, NULL) == ERR_OK &&
	       jobj_number(j, "accepted", -1) >= 0;
}

/* true: at once again, with what is left of the body. */
static bool
send_events(struct follow *f, struct follow_server *s)
{
	CLEANUP(http_answer_clear) struct http_answer answer = {0};
	const char *why,
	    *url = arena_printf(f->scratch,
		"%s/api/v1/builds/%" PRId64 "/events", s->target.base, s->id);

	if (post(f, s, url, s->build_token, &s->body, &answer) != ERR_OK)
		return false;
	if (is_accepted(&answer)) {
		accept_all(f, s);
		return false;
	}
	why = answer_refusal(f->scratch, answer.status, answer.content_type,
	    buf_slice(&answer.body));
	if (answer.status == 200)
		why = "what answered is no buildstats server";
	if (answer.status == 400 || answer.status == 413)
		return leave_out(f, s, why);
	if (answer.status == 401 || answer.status == 403 ||
	    answer.status == 404 || answer.status == 409)
		start_again(f, s, why);
	else
		try_later(f, s, answer.retry_after, why);
	return false;
}

void
follow_send(struct follow *f, struct follow_server *s)
{
	if (s->id == 0)
		begin(f, s);
	else
		for (int i = 0; i < DROPS_MAX && send_events(f, s); i++)
			;
	arena_reset(f->scratch);
}
