/* page_signature.c: all failures of one signature, /signature/ID: where and
 * how often. */
#include <string.h>

#include "base/arena.h"
#include "web/page_failure.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"
#include "web/sentence_failure.h"

/* As in the search: scripts get the exact number. */
#define COUNT_CAP 10000

struct view {
	int id;
	struct signature_row row;
	struct failure_like like;
	struct failure_strength strength;
	struct failure_rows rows;
	struct failure_rows latest; /* one, for the sentence */
	int64_t total;
};

static struct failure_filter
filter_of(const struct view *v)
{
	return (struct failure_filter){
	    .builder = "",
	    .machine = "",
	    .distro = "",
	    .image = "",
	    .branch = "",
	    .layer = "",
	    .commit = "",
	    .package = "",
	    .task = "",
	    .q = "",
	    .signature = v->id,
	    .since = TIME_UNKNOWN,
	    .until = TIME_UNKNOWN,
	};
}

static int64_t
count_cap(const struct page_context *cx)
{
	return cx->form == FORM_HTML ? COUNT_CAP : 0;
}

static enum err
load_rows(struct page_context *cx, struct view *v)
{
	const struct list_order newest = {"seen", true, 0, 1};
	struct failure_filter f = filter_of(v);
	struct list_order order;
	enum err err = row_order(cx, failure_list_keys, "-seen", &order);

	if (err == ERR_OK)
		err = failure_list_find(
		    cx->db, cx->arena, &f, &order, &v->rows, cx->ei);
	if (err == ERR_OK)
		err = failure_list_find(
		    cx->db, cx->arena, &f, &newest, &v->latest, cx->ei);
	if (err == ERR_OK)
		err = failure_list_count(
		    cx->db, cx->arena, &f, count_cap(cx), &v->total, cx->ei);
	return err;
}

static enum err
load(struct page_context *cx, struct view *v)
{
	struct failure_strength strength[STRENGTHS];
	enum err err =
	    signature_find(cx->db, cx->arena, cx->id, &v->id, &v->row, cx->ei);

	if (err != ERR_OK)
		return err;
	v->like.sig[v->row.strength - 1] = v->id;
	err = load_rows(cx, v);
	if (err == ERR_OK)
		err = failure_view_known(
		    cx->db, &v->like, 0, cx->now, strength, cx->ei);
	if (err == ERR_OK)
		v->strength = strength[v->row.strength - 1];
	return err;
}

static void
say(struct page_context *cx, const struct view *v)
{
	struct buf b = BUF_INIT;
	size_t n = strcspn(v->row.text, "\n");
	const struct signature_said said = {
	    .line = v->latest.n > 0 && v->latest.row[0].first_line[0] != '\0'
			? v->latest.row[0].first_line
			: arena_strndup(cx->arena, v->row.text, n),
	    .times = v->total,
	    .builders = v->strength.builders,
	    .first = v->strength.known.first,
	    .last = v->strength.known.last,
	    .now = cx->now,
	};

	sentence_signature(&b, &said);
	row_sentence(cx, &b);
}

static void
add_facts(struct page_context *cx, const struct view *v)
{
	static const char *const words[] = {"block", "lines", "task"};
	node c = doc_content(cx->doc);

	doc_int(c, "id", v->id);
	doc_text(c, "strength", words[v->row.strength - 1]);
	doc_int(c, "version", v->row.version);
	doc_text(c, "text", v->row.text);
	doc_count(c, "times", v->total);
	doc_time(c, "first", v->strength.known.first);
	doc_time(c, "last", v->strength.known.last);
	doc_count(c, "builders", v->strength.builders);
	doc_count(c, "today", v->strength.known.builders);
}

/* ---- over time ---- */

static void
add_bin(struct page_context *cx, node list, const struct failure_times *t,
    size_t i, int64_t most)
{
	node n = doc_object(list, "bin");
	double width = 1000.0 / (double)t->n;
	double height = (double)t->count[i] / (double)most * 100;

	doc_time(n, "from", t->from + (int64_t)i * t->step);
	doc_count(n, "times", t->count[i]);
	if (!row_for_sheet(cx))
		return;
	doc_real(n, "x", (double)i * width + width * 0.08);
	doc_real(n, "width", width * 0.84);
	doc_real(n, "y", 100 - height);
	doc_real(n, "height", height);
}

static const char *
step_word(struct page_context *cx, int64_t step)
{
	int64_t hours = step / INT64_C(3600000000);

	if (hours == 1)
		return "1 hour";
	if (hours == 24)
		return "1 day";
	if (hours == 7 * 24)
		return "1 week";
	return hours % 24 == 0
		   ? arena_printf(cx->arena, "%d days", (int)(hours / 24))
		   : arena_printf(cx->arena, "%d hours", (int)hours);
}

static enum err
add_times(struct page_context *cx, const struct view *v)
{
	node n = doc_object(doc_content(cx->doc), "over_time"), list;
	struct failure_times t;
	int64_t most = 1;
	enum err err;

	list = doc_array(n, "bins");
	if (v->strength.known.times == 0)
		return ERR_OK;
	err = failure_view_times(
	    cx->db, cx->arena, &v->like, &v->strength.known, &t, cx->ei);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < t.n; i++)
		most = t.count[i] > most ? t.count[i] : most;
	doc_seconds(n, "step", (double)t.step / 1e6);
	doc_text(n, "step-h", step_word(cx, t.step));
	doc_count(n, "most", most);
	for (size_t i = 0; i < t.n; i++)
		add_bin(cx, list, &t, i, most);
	return ERR_OK;
}

static enum err
add_spread(struct page_context *cx, const struct view *v)
{
	struct failure_spread spread;
	enum err err =
	    failure_view_spread(cx->db, cx->arena, &v->like, &spread, cx->ei);

	if (err == ERR_OK)
		err = failure_view_gone(cx->db, cx->arena, &spread, cx->ei);
	if (err == ERR_OK)
		failure_add_spread(cx, &spread, NULL, v->id);
	return err;
}

static void
add_columns(struct page_context *cx)
{
	page_column(cx, "-seen", "Seen");
	page_column(cx, "recipe", "Recipe");
	page_column(cx, "task", "Task");
	page_column(cx, "machine", "Machine");
	page_column(cx, "distro", "Distro");
	page_column(cx, "branch", "Branch");
	page_column(cx, "builder", "Builder");
}

enum err
page_signature(struct page_context *cx)
{
	struct view v = {0};
	node list;
	enum err err = load(cx, &v);

	if (err != ERR_OK)
		return err;
	say(cx, &v);
	add_facts(cx, &v);
	row_table(cx, "failures", v.total, count_cap(cx));
	add_columns(cx);
	err = add_spread(cx, &v);
	if (err == ERR_OK)
		err = add_times(cx, &v);
	list = doc_array(doc_content(cx->doc), "failures");
	for (size_t i = 0; err == ERR_OK && i < v.rows.n; i++)
		row_failure(cx, doc_object(list, "failure"), &v.rows.row[i]);
	return err;
}
