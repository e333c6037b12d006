/* time_what_if.c: a build replayed without some of it; see time_view.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "web/page_rows.h"
#include "web/time_view.h"

#define OF_EACH_KIND 6
#define SHOWN_MAX 15 /* in HTML */

void
time_find_candidates(struct page_context *cx, struct time_view *v)
{
	v->replayed = critical_replay(&v->path, NULL, v->of.graph.threads);
	v->ncandidates = consumers_candidates(
	    cx->arena, &v->path, OF_EACH_KIND, &v->candidate);
}

const struct candidate *
time_best(const struct time_view *v, enum consumer_by by)
{
	for (size_t i = 0; i < v->ncandidates; i++)
		if (v->candidate[i].by == by)
			return v->replayed - v->candidate[i].seconds >= 0.01
				   ? &v->candidate[i]
				   : NULL;
	return NULL;
}

/* "zlib", "do_compile", "zlib:do_compile" */
static char *
free_word(struct page_context *cx, const struct consumer *c)
{
	return arena_printf(cx->arena, "%s%s%s", c->recipe,
	    c->recipe[0] != '\0' && c->task[0] != '\0' ? ":" : "", c->task);
}

static void
add_case(struct page_context *cx, node n, const struct time_view *v,
    const struct consumer *c, double seconds)
{
	doc_text(n, "recipe", row_text_or_null(c->recipe));
	doc_text(n, "task", row_text_or_null(c->task));
	doc_count(n, "tasks", (int64_t)c->tasks);
	doc_seconds(n, "takes", c->elapsed);
	doc_seconds(n, "on_path", c->on_path);
	doc_seconds(n, "seconds", seconds);
	doc_seconds(n, "saved", v->replayed - seconds);
	doc_share(n, "saved_share",
	    v->replayed > 0 ? (v->replayed - seconds) / v->replayed : NAN);
	if (row_for_sheet(cx) && (c->recipe[0] != '\0' || c->task[0] != '\0'))
		doc_text(n, "free-url",
		    page_self_with(cx, P_FREE, free_word(cx, c)));
}

/* ---- what is asked for ---- */

static bool
is_recipe(const struct time_view *v, const char *name)
{
	const struct task_table *t = v->build.table;

	for (size_t i = 0; i < t->npackages; i++)
		if (strcmp(t->packages[i].recipe, name) == 0)
			return true;
	return false;
}

static const char *
task_called(struct page_context *cx, const char *name)
{
	if (name[0] == '\0' || strncmp(name, "do_", 3) == 0)
		return name;
	return arena_printf(cx->arena, "do_%s", name);
}

/* A word alone is a recipe, unless only a task is called that. */
static struct consumer
read_free(struct page_context *cx, const struct time_view *v)
{
	const char *word = param_text(cx, P_FREE);
	const char *colon = strrchr(word, ':');
	struct consumer c = {.recipe = word, .task = ""};

	if (colon != NULL) {
		c.recipe =
		    arena_strndup(cx->arena, word, (size_t)(colon - word));
		c.task = task_called(cx, colon + 1);
	} else if (word[0] != '\0' && !is_recipe(v, word)) {
		c.recipe = "";
		c.task = task_called(cx, word);
	}
	return c;
}

static void
add_asked(struct page_context *cx, node n, const struct time_view *v)
{
	struct consumer c = read_free(cx, v);
	size_t threads = param_given(cx, P_THREADS)
			     ? (size_t)param_int(cx, P_THREADS)
			     : v->of.graph.threads;
	bool nothing = c.recipe[0] == '\0' && c.task[0] == '\0';
	double seconds =
	    nothing ? critical_replay(&v->path, NULL, threads)
		    : consumers_without(cx->arena, &v->path, threads, &c);

	doc_text(n, "free", row_text_or_null(param_text(cx, P_FREE)));
	doc_int(n, "threads", (int64_t)threads);
	add_case(cx, n, v, &c, seconds);
}

void
time_add_what_if(struct page_context *cx, const struct time_view *v)
{
	static const char *const kinds[] = {
	    [BY_RECIPE] = "recipe", [BY_TASK] = "task", [BY_TYPE] = "type"};
	node n = doc_object(doc_content(cx->doc), "what_if"), array;

	doc_seconds(n, "recorded", v->of.graph.seconds);
	doc_seconds(n, "replayed", v->of.graph.n > 0 ? v->replayed : NAN);
	doc_int(n, "threads", (int64_t)v->of.graph.threads);
	if (v->of.graph.n > 0 &&
	    (param_given(cx, P_FREE) || param_given(cx, P_THREADS)))
		add_asked(cx, doc_object(n, "asked"), v);
	array = doc_array(n, "candidates");
	for (size_t i = 0; i < v->ncandidates; i++) {
		if (i == SHOWN_MAX && !row_is_exact(cx))
			break;
		node c = doc_object(array, "candidate");
		doc_text(c, "kind", kinds[v->candidate[i].by]);
		add_case(
		    cx, c, v, &v->candidate[i].what, v->candidate[i].seconds);
	}
}
