/* events_store.c: the part of events.h that asks the database. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build.h"
#include "model/events.h"

static enum err
store_messages(
    struct db *db, int build, const struct build_events *e, struct errinfo *ei)
{
	struct copy *c;
	enum err err;

	if (e->nmessages == 0)
		return ERR_OK;
	err = copy_begin(db, Q_EVENTS_STORE_MESSAGES, &c, ei);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < e->nmessages; i++) {
		const struct build_message *m = &e->message[i];
		const struct db_param row[] = {DB_I4(build),
		    DB_I4((int64_t)i + 1), DB_I2(m->level), DB_T(m->qa_class),
		    DB_T(m->recipe), DB_T(m->version), DB_T(m->task),
		    m->seen == TIME_UNKNOWN ? DB_N() : DB_TM(m->seen),
		    DB_T(m->text)};
		copy_row(c, row, sizeof(row) / sizeof(row[0]));
	}
	return copy_end(c, ei);
}

enum err
events_store(
    struct db *db, int build, const struct build_events *e, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf counts = BUF_INIT;
	CLEANUP(buf_clear) struct buf variables = BUF_INIT;
	enum err err;

	if ((err = STMT_EXEC(db, Q_EVENTS_CLEAR, ei, DB_I4(build))) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_EVENTS_CLEAR_MESSAGES, ei, DB_I4(build))) !=
		ERR_OK ||
	    !e->known)
		return err;
	events_counts_json(&counts, e);
	events_variables_json(&variables, e);
	err = STMT_EXEC(db, Q_EVENTS_STORE, ei, DB_I4(build),
	    db_jsonb(counts.data), db_jsonb(variables.data));
	return err == ERR_OK ? store_messages(db, build, e, ei) : err;
}

static enum err
load_messages(struct db *db, struct arena *a, int build,
    struct build_events *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_EVENTS_MESSAGES, &r, ei, DB_I4(build));

	if (err != ERR_OK)
		return err;
	out->nmessages = rows_count(r);
	out->message =
	    arena_calloc(a, out->nmessages + 1, sizeof(*out->message));
	for (size_t i = 0; i < out->nmessages; i++)
		out->message[i] = (struct build_message){
		    .level = (enum message_level)row_int(r, i, 0),
		    .qa_class = arena_strdup(a, row_text(r, i, 1)),
		    .recipe = arena_strdup(a, row_text(r, i, 2)),
		    .version = arena_strdup(a, row_text(r, i, 3)),
		    .task = arena_strdup(a, row_text(r, i, 4)),
		    .seen = row_time(r, i, 5),
		    .text = arena_strdup(a, row_text(r, i, 6)),
		};
	return ERR_OK;
}

static enum err
load_variables(struct db *db, struct arena *a, int build,
    struct build_events *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_EVENTS_VARIABLES, &r, ei, DB_I4(build));

	if (err != ERR_OK)
		return err;
	out->nvariables = rows_count(r);
	out->variable =
	    arena_calloc(a, out->nvariables + 1, sizeof(*out->variable));
	for (size_t i = 0; i < out->nvariables; i++)
		out->variable[i] = (struct event_variable){
		    arena_strdup(a, row_text(r, i, 0)),
		    arena_strdup(a, row_text(r, i, 1)),
		};
	return ERR_OK;
}

enum err
events_load(struct db *db, struct arena *a, int build, struct build_events *out,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = STMT_QUERY(db, Q_EVENTS_COUNTS, &r, ei, DB_I4(build));

	events_init(out);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++) {
		enum event_count c =
		    event_count_of(slice_of(row_text(r, i, 0)));
		out->known = true;
		if (c < EVENT_COUNT__MAX)
			out->count[c] = row_int(r, i, 1);
	}
	if (!out->known)
		return ERR_OK;
	err = load_variables(db, a, build, out, ei);
	return err == ERR_OK ? load_messages(db, a, build, out, ei) : err;
}
