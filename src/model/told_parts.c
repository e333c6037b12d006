/* told_parts.c: see told_parts.h. */
#include "model/told_parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/log_store.h"
#include "model/log_take.h"
#include "model/signature_store.h"

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

/* A message is kept only where there is no log. */
static void
take_texts(struct arena *a, const struct told_failure *t, struct told_part *p)
{
	const char *message = text_or_empty(t->message);

	p->first_line = t->log != NULL ? t->log->first_line : "";
	if (*p->first_line == '\0')
		p->first_line = first_words(a, message);
	p->message = t->log != NULL ? "" : utf8_cut(a, message, MESSAGE_MAX);
}

/* A log in which no error was found can't be compared by it. */
static void
sign(struct arena *a, const struct told_failure *t, struct signature_set *set)
{
	const struct taken_log *log = t->log;

	if (log != NULL && log->nblock == 0)
		log = NULL;
	set->made = signature_make(a, text_or_empty(t->recipe),
	    text_or_empty(t->task), log, text_or_empty(t->message), set->sig);
}

enum err
told_parts_store(struct db *db, struct arena *a, const struct build *b,
    const struct told_parts **out, struct errinfo *ei)
{
	struct told_parts *parts = arena_zalloc(a, sizeof(*parts));
	struct told_part *part = arena_calloc(a, b->ntold + 1, sizeof(*part));
	struct signature_set *set = arena_calloc(a, b->ntold + 1, sizeof(*set));
	const struct taken_log **log =
	    arena_calloc(a, b->ntold + 1, sizeof(*log));
	int32_t *id = arena_calloc(a, b->ntold + 1, sizeof(*id));
	enum err err;

	*out = NULL;
	for (size_t i = 0; i < b->ntold; i++) {
		log[i] = b->told[i].log;
		take_texts(a, &b->told[i], &part[i]);
		sign(a, &b->told[i], &set[i]);
	}
	err = log_store(db, a, (struct log_list){log, b->ntold}, id, ei);
	if (err == ERR_OK)
		err = signature_store(db, a, set, b->ntold, ei);
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
