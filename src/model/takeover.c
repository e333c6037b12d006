/* takeover.c: see takeover.h. */
#include "model/takeover.h"

#include "db/stmt.h"

enum err
build_clear(struct db *db, struct build_key build, struct errinfo *ei)
{
	static const enum query steps[] = {Q_STORE_CLEAR_PACKAGES,
	    Q_STORE_CLEAR_BLOCK, Q_STORE_CLEAR_SERIES, Q_STORE_CLEAR_TEXTS};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		enum err err = STMT_EXEC(
		    db, steps[i], ei, DB_I4(build.id), DB_TM(build.started));
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

/* A failure that both have keeps the whole build's number, and gets the log
 * if only the report had it. */
static enum err
move_failures(struct db *db, int from, int to, struct errinfo *ei)
{
	enum err err;

	if ((err = STMT_EXEC(
		 db, Q_TAKEOVER_SAME, ei, DB_I4(from), DB_I4(to))) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_TAKEOVER_LOGS, ei, DB_I4(from))) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_TAKEOVER_CHAIN, ei, DB_I4(from))) !=
		ERR_OK ||
	    (err = STMT_EXEC(db, Q_TAKEOVER_GONE, ei, DB_I4(from))) != ERR_OK)
		return err;
	return STMT_EXEC(db, Q_TAKEOVER_FAILURES, ei, DB_I4(from), DB_I4(to));
}

enum err
build_takeover(struct db *db, struct build_key from, int to, struct errinfo *ei)
{
	enum err err;

	if ((err = move_failures(db, from.id, to, ei)) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_TAKEOVER_TEXTS, ei, DB_I4(from.id),
		 DB_I4(to), DB_TM(from.started))) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_TAKEOVER_REPORTS, ei, DB_I4(from.id),
		 DB_I4(to))) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_TAKEOVER_RESULTS, ei, DB_I4(from.id),
		 DB_I4(to))) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_BUILD_SIZE_MOVE, ei, DB_I4(from.id),
		 DB_I4(to))) != ERR_OK ||
	    (err = STMT_EXEC(
		 db, Q_TAKEOVER_CI, ei, DB_I4(from.id), DB_I4(to))) != ERR_OK ||
	    (err = build_clear(db, from, ei)) != ERR_OK ||
	    (err = STMT_EXEC(db, Q_TAKEOVER_MOVED, ei, DB_I4(from.id),
		 DB_I4(to))) != ERR_OK)
		return err;
	return STMT_EXEC(db, Q_TAKEOVER_BUILD, ei, DB_I4(from.id));
}
