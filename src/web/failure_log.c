/* failure_log.c: see failure_log.h. */
#include "web/failure_log.h"

#include "base/arena.h"
#include "model/failure_code.h"

const char *
failure_log_subject(struct arena *a, const struct failure_row *f)
{
	if (f->recipe[0] != '\0' && f->task[0] != '\0')
		return arena_printf(a, "%s %s", f->recipe, f->task);
	if (f->recipe[0] != '\0' || f->task[0] != '\0')
		return f->recipe[0] != '\0' ? f->recipe : f->task;
	return f->kind == FAILURE_PARSE ? "a parse error" : "a failure";
}

enum err
failure_log_find(struct db *db, struct arena *a, const char *code,
    struct failure_log *out, struct errinfo *ei)
{
	enum err err;
	int id;

	if (!failure_code_read(code, &id))
		return err_set(ei, ERR_NOT_FOUND, "There is no such failure.");
	err = failure_find(db, a, id, &out->failure, ei);
	if (err != ERR_OK)
		return err;
	if (out->failure.log == 0)
		return err_set(ei, ERR_NOT_FOUND,
		    "No log came with the failure %s (%s).", code,
		    failure_log_subject(a, &out->failure));
	return log_info_load(db, a, out->failure.log, &out->log, ei);
}
