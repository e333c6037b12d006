/*
 * trace.c: GET /build/ID/trace.json: a build's tasks and series as trace
 * events, for public trace viewers (the format of "Trace Event Format", object
 * form: complete events "X", counters "C", names "M"; times in µs).
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "model/boot_chart.h"
#include "model/build_info.h"
#include "model/build_store.h"
#include "model/status_word.h"
#include "web/exchange.h"
#include "web/response.h"
#include "web/route.h"
#include "xml/doc.h"

#define US 1000000
#define TASKS_PID 1
#define MACHINE_PID 2

DEFINE_CLEANUP(struct doc *, cleanup_doc, doc_free);

/* Numbers of a task that its event carries. */
static const char *const told[] = {"cputime", "child_rusage.ru_maxrss",
    "io.read_bytes", "io.write_bytes", NULL};
#define TOLD_MAX 4

struct trace {
	struct exchange *x;
	struct build_info build;
	struct task_table *table;
	struct task_column column[TOLD_MAX];
	size_t ncolumns;
	struct chart_span span;
	struct boot_chart chart;
	struct series *series;
	size_t nseries;
	node events;
};

static enum err
load(struct trace *t)
{
	struct exchange *x = t->x;
	struct db *db = x->app->db;
	struct arena *a = x->app->page_arena;
	const struct build_row *b = &t->build.row;
	enum err err = build_find(db, a, x->req.capture[0], &t->build, &x->ei);

	if (err == ERR_OK)
		err = task_table_load(
		    db, a, b->id, b->started, &t->table, &x->ei);
	for (size_t i = 0; err == ERR_OK && told[i] != NULL; i++)
		if (task_table_has(t->table, told[i]))
			err = task_table_column(db, a, t->table, told[i],
			    &t->column[t->ncolumns++], &x->ei);
	if (err == ERR_OK)
		err = build_series_load(db, a,
		    (struct build_key){b->id, b->started}, &t->series,
		    &t->nseries, &x->ei);
	return err;
}

/* ---- events ---- */

static void
add_name(
    struct trace *t, const char *what, int pid, int64_t tid, const char *name)
{
	node e = doc_object(t->events, "event");

	doc_text(e, "name", what);
	doc_text(e, "ph", "M");
	doc_int(e, "pid", pid);
	doc_int(e, "tid", tid);
	doc_text(doc_object(e, "args"), "name", name);
}

static void
add_task(struct trace *t, const struct boot_bar *b)
{
	const struct task_table *tt = t->table;
	const struct package *p = &tt->packages[tt->package[b->row]];
	node e = doc_object(t->events, "event"), args, metrics;

	doc_text(e, "name",
	    arena_printf(t->x->app->page_arena, "%s %s", p->recipe,
		tt->task_names[tt->name[b->row]]));
	doc_text(e, "cat", task_kind_word(b->kind));
	doc_text(e, "ph", "X");
	doc_int(e, "ts", llround(b->start * US));
	doc_int(e, "dur", llround((b->end - b->start) * US));
	doc_int(e, "pid", TASKS_PID);
	doc_int(e, "tid", b->lane + 1);
	args = doc_object(e, "args");
	doc_text(args, "package", p->pf);
	doc_text(args, "status",
	    task_status_word((enum task_status)tt->status[b->row]));
	metrics = doc_values(args, "metrics");
	for (size_t i = 0; i < t->ncolumns; i++) {
		node pair = doc_object(metrics, "metric");
		doc_text(pair, "name", t->column[i].name);
		doc_real(pair, "value", t->column[i].value[b->row]);
	}
}

static const char *
series_name(struct trace *t, const struct series *s)
{
	static const char *const words[] = {[SERIES_CPU] = "CPU",
	    [SERIES_MEMORY] = "memory",
	    [SERIES_DISK] = "disk",
	    [SERIES_SPACE] = "disk space",
	    [SERIES_NET] = "network",
	    [SERIES_PRESSURE] = "pressure"};

	return arena_printf(t->x->app->page_arena, "%s%s%s", words[s->kind],
	    s->subject[0] != '\0' ? " " : "", s->subject);
}

static void
add_samples(struct trace *t, const struct series *s)
{
	const char *const *column = series_columns(s->kind);
	const char *name = series_name(t, s);

	for (size_t i = 0; i < s->n; i++) {
		int64_t us = s->time[i] * US - t->span.start;
		node e, args;
		if (us < 0 || s->time[i] * US > t->span.end)
			continue;
		e = doc_object(t->events, "event");
		doc_text(e, "name", name);
		doc_text(e, "ph", "C");
		doc_int(e, "ts", us);
		doc_int(e, "pid", MACHINE_PID);
		args = doc_values(e, "args");
		for (unsigned c = 0; c < s->ncolumns; c++) {
			node pair = doc_object(args, "value");
			doc_text(pair, "name", column[c]);
			doc_real(pair, "value", s->column[c][i]);
		}
	}
}

static void
add_events(struct trace *t)
{
	static const struct boot_options all = {.package = "", .task = ""};
	const struct build_row *b = &t->build.row;

	t->span = chart_span_of(
	    b->started, b->elapsed, t->series, t->nseries, t->table);
	boot_chart_make(
	    t->x->app->page_arena, t->table, &t->span, &all, &t->chart);
	add_name(t, "process_name", TASKS_PID, 0,
	    arena_printf(
		t->x->app->page_arena, "%s on %s", b->name, b->builder));
	add_name(t, "process_name", MACHINE_PID, 0, "machine");
	for (uint32_t i = 0; i < t->chart.lanes; i++)
		add_name(t, "thread_name", TASKS_PID, i + 1,
		    arena_printf(t->x->app->page_arena, "thread %u", i + 1));
	for (size_t i = 0; i < t->chart.n; i++)
		add_task(t, &t->chart.bar[i]);
	for (size_t i = 0; i < t->nseries; i++)
		if ((t->series[i].flags & SERIES_NO_DATA) == 0)
			add_samples(t, &t->series[i]);
}

enum err
handle_trace(struct exchange *x)
{
	CLEANUP(cleanup_doc) struct doc *doc = doc_new();
	struct trace t = {.x = x};
	enum err err;

	arena_reset(x->app->page_arena);
	doc_set_bare(doc, true);
	if ((err = load(&t)) != ERR_OK)
		return err;
	doc_text(doc_content(doc), "displayTimeUnit", "ms");
	t.events = doc_array(doc_content(doc), "traceEvents");
	add_events(&t);
	doc_write_json(doc, &x->app->out);
	response_header(x,
	    "Content-Disposition: inline; filename=\"build-%d.trace.json\"",
	    t.build.row.id);
	response_send(x, 200, TYPE_JSON, &x->app->out);
	return ERR_OK;
}
