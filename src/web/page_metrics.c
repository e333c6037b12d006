/* page_metrics.c: the dictionary of metrics, /metrics. */
#include <string.h>

#include "base/arena.h"
#include "model/metric_list.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

/* Where a metric's values can be seen: the latest build's tasks. */
static void
add_link(
    struct page_context *cx, node n, const struct metric_entry *m, int latest)
{
	if (latest == 0 || strcmp(m->kind, "series") == 0) {
		doc_null(n, "url");
		return;
	}
	if (strcmp(m->kind, "build") == 0) {
		doc_text(n, "url",
		    row_url(cx,
			page_link_query(cx, "trend", "metric", m->name, NULL)));
		return;
	}
	doc_text(n, "url",
	    row_url(
		cx, page_link_query(cx, page_link(cx, "build/%d/tasks", latest),
			"metric", m->name, "sort",
			arena_printf(cx->arena, "-%s", m->name), NULL)));
}

static void
say(struct page_context *cx, size_t n)
{
	struct buf b = BUF_INIT;

	if (n == 0) {
		buf_adds(&b, "No metrics yet: they come with the first build");
	} else {
		sentence_count(&b, (int64_t)n, "metric");
		buf_adds(&b, n == 1 ? " has" : " have");
		buf_adds(&b, " been seen");
	}
	row_sentence(cx, &b);
}

enum err
page_metrics(struct page_context *cx)
{
	struct metric_entry *metric;
	size_t n;
	int latest = 0;
	node list;
	enum err err = metric_list(cx->db, cx->arena, &metric, &n, cx->ei);

	if (err == ERR_OK)
		err = build_latest(cx->db, &latest, cx->ei);
	if (err != ERR_OK)
		return err;
	say(cx, n);
	doc_count(doc_content(cx->doc), "total", (int64_t)n);
	list = doc_array(doc_content(cx->doc), "metrics");
	for (size_t i = 0; i < n; i++) {
		node m = doc_object(list, "metric");
		doc_text(m, "name", metric[i].name);
		doc_text(m, "key", metric[i].key);
		doc_text(m, "unit", metric[i].unit);
		doc_text(m, "kind", metric[i].kind);
		doc_time(m, "seen", metric[i].seen);
		add_link(cx, m, &metric[i], latest);
		if (row_for_sheet(cx))
			doc_text(m, "graph-url",
			    page_link_query(
				cx, "graph", "y", metric[i].name, NULL));
	}
	return ERR_OK;
}
