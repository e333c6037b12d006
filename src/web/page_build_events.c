/* page_build_events.c: what bitbake warned of, and what its cache spared. */
#include <math.h>

#include "base/arena.h"
#include "model/events.h"
#include "web/page_build.h"
#include "web/page_rows.h"
#include "web/sentence.h"

#define MESSAGES_SHOWN 50

static void
add_counts(node n, const struct build_events *e)
{
	for (enum event_count i = 0; i < EVENT_COUNT__MAX; i++) {
		const char *name = event_count_name(i);
		if (e->count[i] == COUNT_UNKNOWN)
			doc_null(n, name);
		else
			doc_count(n, name, e->count[i]);
	}
}

/* Were running tasks let end, or not?  "" if it was not interrupted. */
static const char *
interrupted(const struct build_events *e)
{
	switch (e->count[EVENT_INTERRUPTED]) {
	case 1:
		return "interrupted";
	case 2:
		return "killed";
	default:
		return "";
	}
}

static void
add_message(struct page_context *cx, node list, const struct build_message *m)
{
	node n = doc_object(list, "message");

	doc_text(n, "level", m->level == MESSAGE_ERROR ? "error" : "warning");
	doc_text(n, "class", m->qa_class);
	doc_text(n, "recipe", m->recipe);
	doc_text(n, "version", m->version);
	doc_text(n, "task", m->task);
	doc_time(n, "seen", m->seen);
	doc_text(n, "text", m->text);
	doc_text(n, "package-url",
	    m->recipe[0] != '\0' ? page_link(cx, "package/%s", m->recipe)
				 : NULL);
}

static void
add_classes(struct page_context *cx, node parent, const struct build_events *e)
{
	node list = doc_array(parent, "qa");
	size_t n;
	const struct qa_class *c = events_qa_classes(cx->arena, e, &n);

	for (size_t i = 0; i < n; i++) {
		node q = doc_object(list, "class");
		doc_text(q, "class", c[i].name);
		doc_count(q, "errors", (int64_t)c[i].errors);
		doc_count(q, "warnings", (int64_t)c[i].warnings);
		doc_text(q, "recipe", c[i].first->recipe);
		doc_text(q, "task", c[i].first->task);
		doc_text(q, "text", c[i].first->text);
		doc_text(q, "package-url",
		    c[i].first->recipe[0] != '\0'
			? page_link(cx, "package/%s", c[i].first->recipe)
			: NULL);
	}
}

/* QA issues are told by class: errors first, then warnings. */
static void
add_messages(struct page_context *cx, node parent, const struct build_events *e)
{
	node list = doc_array(parent, "messages");
	size_t shown = 0;

	for (enum message_level level = MESSAGE_ERROR; level > 0; level--)
		for (size_t i = 0; i < e->nmessages && shown < MESSAGES_SHOWN;
		     i++) {
			const struct build_message *m = &e->message[i];
			if (m->qa_class[0] != '\0' || m->level != level)
				continue;
			add_message(cx, list, m);
			shown++;
		}
}

/* "2 errors and 3 warnings; 12 of 2,946 tasks came from the cache" */
static char *
say(struct page_context *cx, const struct build_events *e)
{
	struct buf b = BUF_INIT;
	const int64_t *c = e->count;
	char *text;

	if (c[EVENT_ERRORS] != COUNT_UNKNOWN)
		sentence_count(&b, c[EVENT_ERRORS], "error");
	if (c[EVENT_WARNINGS] != COUNT_UNKNOWN) {
		buf_adds(&b, b.len > 0 ? " and " : "");
		sentence_count(&b, c[EVENT_WARNINGS], "warning");
	}
	if (c[EVENT_SETSCENE] > 0 && c[EVENT_SETSCENE_COVERED] >= 0) {
		char of[HUMAN_MAX];
		buf_adds(&b, b.len > 0 ? "; " : "");
		sentence_count(&b, c[EVENT_SETSCENE_COVERED], "task");
		buf_addf(&b, " of %s came from the cache",
		    human_count(of, c[EVENT_SETSCENE]));
	}
	if (b.len == 0 && c[EVENT_QA_ERRORS] >= 0) {
		sentence_count(&b, c[EVENT_QA_ERRORS], "QA error");
		buf_adds(&b, " and ");
		sentence_count(&b, c[EVENT_QA_WARNINGS], "QA warning");
	}
	text = arena_strndup(cx->arena, b.len > 0 ? b.data : "", b.len);
	buf_clear(&b);
	return text;
}

enum err
build_add_events(struct page_context *cx, const struct build_view *v)
{
	struct build_events e;
	node n, variables;
	enum err err =
	    events_load(cx->db, cx->arena, v->info.row.id, &e, cx->ei);

	if (err != ERR_OK || !e.known)
		return err;
	n = doc_object(doc_content(cx->doc), "events");
	add_counts(n, &e);
	doc_text(n, "interrupted-h", interrupted(&e));
	doc_text(n, "said-h", say(cx, &e));
	add_classes(cx, n, &e);
	add_messages(cx, n, &e);
	variables = doc_values(n, "variables");
	for (size_t i = 0; i < e.nvariables; i++) {
		node variable = doc_object(variables, "variable");
		doc_text(variable, "name", e.variable[i].name);
		doc_text(variable, "value", e.variable[i].value);
	}
	return ERR_OK;
}
