/* told_parts.c: see told_parts.h. */
#include "model/told_parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "model/log_store.h"
#include "model/log_take.h"
#include "model/signature_store.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

#define MESSAGE_MAX 8192

/* The first line of a message that says anything. */
static const char *
first_words(struct arena *a, const char *message)
{
	struct slice rest = slice_of(message), line;

	while (slice_line(&rest, &line))
		if (slice_trim(line).n > 0)
			return error_line_text(a, line, FIRST_LINE_MAX);
	return "";
}

static const char *
text_or_empty(const char *s)
{
	return s != NULL ? s : "";
}

const char *
told_first_line(
    struct arena *a, const struct told_failure *t, const struct taken_log *log)
{
	if (log != NULL && *log->first_line != '\0')
		return log->first_line;
	return first_words(a, text_or_empty(t->message));
}

/* A log in which no error was found can't be compared by it. */
void
told_sign(struct arena *a, const struct told_failure *t,
    const struct taken_log *log, struct signature_set *set)
{
	if (log != NULL && log->nblock == 0)
		log = NULL;
	set->made = signature_make(a, text_or_empty(t->recipe),
	    text_or_empty(t->task), log, text_or_empty(t->message), set->sig);
}

/* A message is kept only where there is no log. */
static const char *
message_of(struct arena *a, const struct told_failure *t)
{
	if (t->log != NULL)
		return "";
	return utf8_cut(a, text_or_empty(t->message), MESSAGE_MAX);
}

enum err
told_parts_store(struct db *db, struct arena *a, const struct build *b,
    const struct told_parts **out, struct errinfo *ei)
{
	struct told_parts *parts = arena_zalloc(a, sizeof(*parts));
	struct told_part *part = arena_calloc(a, b->ntold + 1, sizeof(*part));
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct signature_set *set =
	    arena_calloc(scratch, b->ntold + 1, sizeof(*set));
	const struct taken_log **log =
	    arena_calloc(scratch, b->ntold + 1, sizeof(*log));
	int32_t *id = arena_calloc(scratch, b->ntold + 1, sizeof(*id));
	enum err err;

	*out = NULL;
	for (size_t i = 0; i < b->ntold; i++) {
		log[i] = b->told[i].log;
		part[i].first_line =
		    told_first_line(a, &b->told[i], b->told[i].log);
		part[i].message = message_of(a, &b->told[i]);
		told_sign(scratch, &b->told[i], b->told[i].log, &set[i]);
	}
	err = log_store(db, scratch, (struct log_list){log, b->ntold}, id, ei);
	if (err == ERR_OK)
		err = signature_store(db, scratch, set, b->ntold, ei);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < b->ntold; i++) {
		part[i].log = id[i];
		memcpy(part[i].sig, set[i].id, sizeof(part[i].sig));
	}
	parts->part = part;
	*out = parts;
	return ERR_OK;
}
