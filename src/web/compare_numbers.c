/* compare_numbers.c: numbers of builds as wholes, for /compare. */
#include <math.h>

#include "base/arena.h"
#include "model/compare_find.h"
#include "web/compare_view.h"
#include "web/page_rows.h"

static void
add_number(struct page_context *cx, node list, const struct compare_view *v,
    const struct compare_number *x)
{
	double first = x->value[0], last = x->value[v->n - 1];
	node n = doc_object(list, "number");

	doc_text(n, "name", x->name);
	doc_text(n, "unit", x->unit);
	doc_reals(n, "values", x->value, v->n);
	doc_measure(n, "difference", last - first, x->unit);
	doc_share(n, "share", first != 0 ? (last - first) / fabs(first) : NAN);
	if (!row_for_sheet(cx))
		return;
	doc_text(n, "change",
	    !(last > first || last < first) ? "same"
	    : last > first                  ? "more"
					    : "less");
	doc_text(n, "history-url",
	    page_link_query(cx, "trend", "metric", x->name, NULL));
	for (size_t k = 0; k < v->n; k++)
		doc_measure(doc_item(n, "in"), "value", x->value[k], x->unit);
}

enum err
compare_add_numbers(struct page_context *cx, const struct compare_view *v)
{
	int32_t id[COMPARE_BUILDS_MAX];
	struct compare_numbers all;
	node list;
	enum err err;

	for (size_t i = 0; i < v->n; i++)
		id[i] = v->column[i].median > 0 ? 0 : v->column[i].info.row.id;
	err = compare_numbers(cx->db, cx->arena, id, v->n, &all, cx->ei);
	if (err != ERR_OK || all.n == 0)
		return err;
	list = doc_array(doc_content(cx->doc), "numbers");
	for (size_t i = 0; i < all.n; i++)
		add_number(cx, list, v, &all.number[i]);
	return ERR_OK;
}
