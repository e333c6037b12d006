/* export_logs.c: the logs of a build's failed tasks, for the verb export. */
#include <string.h>

#include "admin/admin.h"
#include "archive/tar_writer.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/log_read.h"

static enum err
write_piece(void *arg, struct slice piece, struct errinfo *ei)
{
	return tar_writer_data(arg, piece.p, piece.n, ei);
}

/* A name as one component of a path. */
static void
add_name(struct buf *path, const char *name)
{
	for (; *name != '\0'; name++)
		buf_addc(path,
		    *name == '/' || (unsigned char)*name < ' ' ? '_' : *name);
}

/* Further logs of one task, of another configuration, get a number. */
static void
name_log(struct buf *path, const char *recipe, const char *task, size_t nth)
{
	buf_reset(path);
	buf_adds(path, "logs/");
	add_name(path, recipe);
	buf_addc(path, '.');
	add_name(path, task);
	buf_adds(path, ".log");
	if (nth > 1)
		buf_addf(path, ".%zu", nth);
}

enum err
export_logs(struct db *db, int id, struct tar_writer *tar, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	CLEANUP(buf_clear) struct buf path = BUF_INIT;
	size_t nth = 1;
	enum err err = STMT_QUERY(db, Q_EXPORT_LOGS, &r, ei, DB_I4(id));

	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		bool again =
		    i > 0 &&
		    strcmp(row_text(r, i, 0), row_text(r, i - 1, 0)) == 0 &&
		    strcmp(row_text(r, i, 1), row_text(r, i - 1, 1)) == 0;
		uint64_t size = (uint64_t)row_int(r, i, 3);
		nth = again ? nth + 1 : 1;
		name_log(&path, row_text(r, i, 0), row_text(r, i, 1), nth);
		err = tar_writer_member(tar, path.data, size, ei);
		if (err == ERR_OK)
			err = log_bytes(db, (int)row_int(r, i, 2),
			    (struct log_range){0, size}, write_piece, tar, ei);
	}
	return err;
}
