/* live_begin.c: the begin of builds that report themselves; see live_report.h.
 */
#include <math.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "archive/digest.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/environment.h"
#include "model/live_fold.h"
#include "model/live_report.h"
#include "model/oestats.h"
#include "json/jin.h"

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

#define US 1000000
#define DAY_US (INT64_C(86400) * US)
#define YEAR_2000 INT64_C(946684800)
#define KEY_MIN 32
#define KEY_MAX 64
#define WHAT "begin" /* what the sentences start with */

struct begin {
	struct db *db;
	struct arena *a;
	struct errinfo *ei;
	const char *builder; /* of the token, or NULL */
	const struct live_fold_options *fold;
	int64_t now, started;
	unsigned char uuid[16];
	const char *name, *facts;
	char token[LIVE_TOKEN_HEX + 1];
	unsigned char token_hash[DIGEST_BYTES];
	bool has_key;
};

/* ---- reading ---- */

/* The same key makes the same token, which so needs not be kept. */
static void
make_token(struct begin *g, const char *key)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	unsigned char hash[DIGEST_BYTES];

	buf_adds(&text, "buildstats token of a build ");
	buf_add(&text, g->uuid, sizeof(g->uuid));
	buf_adds(&text, key);
	digest_of(text.data, text.len, hash);
	str_to_hex(g->token, hash, sizeof(hash));
	digest_of(g->token, strlen(g->token), g->token_hash);
}

static enum err
random_bytes(struct begin *g, void *out, size_t n)
{
	if (getrandom(out, n, 0) == (ssize_t)n)
		return ERR_OK;
	return err_set(g->ei, ERR_INTERNAL, "no random numbers to be had");
}

static enum err
read_key(struct begin *g, const struct jin_at *top)
{
	unsigned char random[KEY_MIN];
	char made[2 * KEY_MIN + 1];
	const char *key = "";
	enum err err = jin_member_text(top, "key", g->a, &key, g->ei);

	if (err != ERR_OK)
		return err;
	g->has_key = key[0] != '\0';
	if (!g->has_key) {
		if ((err = random_bytes(g, random, sizeof(random))) != ERR_OK)
			return err;
		str_to_hex(made, random, sizeof(random));
		key = made;
	} else if (strlen(key) < KEY_MIN || strlen(key) > KEY_MAX ||
		   strspn(key, "0123456789abcdefABCDEF") != strlen(key)) {
		return err_set(g->ei, ERR_INPUT,
		    WHAT ": key: not 32 to 64 hexadecimal digits");
	}
	make_token(g, key);
	return ERR_OK;
}

static enum err
read_started(struct begin *g, const struct jin_at *top)
{
	struct jin_at at;
	double s;
	enum err err;

	g->started = g->now;
	if (!jin_member(top, "started", &at))
		return ERR_OK;
	if ((err = jin_real(&at, &s, g->ei)) != ERR_OK)
		return err;
	if (s < YEAR_2000 || s > (double)((g->now + DAY_US) / US))
		return jin_fail(&at,
		    "before 2000, or more than a day in the future", g->ei);
	g->started = llround(s * 100) * (US / 100);
	return ERR_OK;
}

/* It becomes a directory's name. */
static enum err
read_name(struct begin *g, const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._+-";
	time_t t = (time_t)(g->started / US);
	char made[16];
	struct tm tm;

	g->name = name;
	if (name[0] == '\0') {
		gmtime_r(&t, &tm);
		strftime(made, sizeof(made), "%Y%m%d%H%M%S", &tm);
		g->name = arena_strdup(g->a, made);
	}
	if (g->name[0] == '.' || strspn(g->name, allowed) != strlen(g->name))
		return err_set(g->ei, ERR_INPUT,
		    WHAT ": name: this is no name of a build");
	return ERR_OK;
}

static enum err
read_uuid(struct begin *g, const char *uuid)
{
	enum err err;

	if (uuid[0] != '\0') /* it was checked */
		return str_to_uuid(uuid, strlen(uuid), g->uuid)
			   ? ERR_OK
			   : err_set(g->ei, ERR_INPUT,
				 WHAT ": uuid: this is no UUID");
	if ((err = random_bytes(g, g->uuid, sizeof(g->uuid))) != ERR_OK)
		return err;
	g->uuid[6] = (g->uuid[6] & 0x0f) | 0x40;
	g->uuid[8] = (g->uuid[8] & 0x3f) | 0x80;
	return ERR_OK;
}

static enum err
read_begin(struct begin *g, struct slice text)
{
	static const char *const without[] = {"key", NULL};
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	CLEANUP(buf_clear) struct buf facts = BUF_INIT;
	struct env_facts env;
	struct jin_at top;
	enum err err = jin_parse(WHAT, text, LIVE_BEGIN_MAX, &j, g->ei);

	if (err != ERR_OK)
		return err;
	top = jin_top(j);
	env_facts_init(&env);
	if ((err = jin_object(&top, g->ei)) != ERR_OK ||
	    (err = build_json_read(g->a, WHAT, text, &env, g->ei)) != ERR_OK ||
	    (err = read_uuid(g, env.env.uuid)) != ERR_OK ||
	    (err = read_key(g, &top)) != ERR_OK ||
	    (err = read_started(g, &top)) != ERR_OK ||
	    (err = read_name(g, env.name)) != ERR_OK)
		return err;
	jin_write_sorted(&top, without, &facts);
	g->facts = arena_strndup(g->a, facts.data, facts.len);
	return ERR_OK;
}

/* ---- storing ---- */

/* Also a build that came as a bundle, which nobody reports. */
static enum err
find_other(struct begin *g, struct live_begun *out, bool *found)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err =
	    STMT_QUERY(g->db, Q_BUILD_ID_BY_UUID, &r, g->ei, db_uuid(g->uuid));

	*found = err == ERR_OK && rows_count(r) > 0;
	if (*found)
		out->build = (int)row_int(r, 0, 0);
	return err;
}

static enum err
find_begun(struct begin *g, struct live_begun *out, bool *found)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct slice token;
	enum err err =
	    STMT_QUERY(g->db, Q_LIVE_BY_UUID, &r, g->ei, db_uuid(g->uuid));

	*found = err == ERR_OK && rows_count(r) > 0;
	if (err != ERR_OK)
		return err;
	if (!*found)
		return find_other(g, out, found);
	out->build = (int)row_int(r, 0, 1);
	token = row_bytes(r, 0, 2);
	if (g->has_key && token.n == sizeof(g->token_hash) &&
	    memcmp(token.p, g->token_hash, token.n) == 0)
		memcpy(out->token, g->token, sizeof(out->token));
	return ERR_OK;
}

static enum err
add(struct begin *g, int64_t live, bool *added)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(g->db, Q_LIVE_BEGIN, &r, g->ei, DB_I8(live),
	    db_uuid(g->uuid), DB_T(g->name), db_text(g->builder),
	    db_bytea(g->token_hash, sizeof(g->token_hash)), DB_TM(g->started),
	    db_jsonb(g->facts));

	*added = err == ERR_OK && rows_count(r) > 0;
	return err;
}

static enum err
begin(struct begin *g, struct live_begun *out)
{
	int64_t live = oestats_id(g->now);
	bool found, added;
	enum err err = find_begun(g, out, &found);

	if (err != ERR_OK || found)
		return err;
	if ((err = add(g, live, &added)) != ERR_OK)
		return err;
	if (!added) /* another request was faster */
		return find_begun(g, out, &found);
	err = live_fold_now(g->db, live, g->fold, &out->build, g->ei);
	out->is_new = err == ERR_OK;
	memcpy(out->token, g->token, sizeof(out->token));
	return err;
}

enum err
live_begin(struct db *db, struct arena *a, const struct live_asked *asked,
    struct live_begun *out, struct errinfo *ei)
{
	struct begin g = {.db = db,
	    .a = a,
	    .ei = ei,
	    .builder = asked->builder,
	    .fold = &asked->fold,
	    .now = asked->now};
	enum err err = read_begin(&g, asked->text);

	*out = (struct live_begun){0};
	if (err != ERR_OK ||
	    (err = build_store_prepare(db, g.started, ei)) != ERR_OK ||
	    (err = db_begin(db, DB_READ_WRITE, ei)) != ERR_OK)
		return err;
	return db_end(db, begin(&g, out), ei);
}

/* ---- who may tell more ---- */

static enum err
why_not(struct db *db, int build, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_BUILD_BY_ID, &r, ei, DB_I4(build));

	if (err != ERR_OK)
		return err;
	return rows_count(r) == 0
		   ? err_set(ei, ERR_NOT_FOUND, "There is no such build.")
		   : err_set(ei, ERR_CONFLICT,
			 "This build was not begun by POST api/v1/builds, or "
			 "its report is closed.");
}

enum err
live_find(struct db *db, struct arena *a, int build, struct live_target *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct slice token;
	enum err err = STMT_QUERY(db, Q_LIVE_OF_BUILD, &r, ei, DB_I4(build));

	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return why_not(db, build, ei);
	token = row_bytes(r, 0, 1);
	*out = (struct live_target){.live = row_int(r, 0, 0)};
	if (token.n == sizeof(out->token))
		memcpy(out->token, token.p, token.n);
	if (row_bool(r, 0, 3))
		out->builder = arena_strdup(a, row_text(r, 0, 2));
	return ERR_OK;
}
