/* paging.c: tables a page at a time, their links and columns; see page.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "web/links.h"
#include "web/page.h"
#include "web/request.h"

struct paging
page_paging(const struct page_context *cx)
{
	int64_t per = param_int(cx, P_PER);

	if (cx->request->table->pieces)
		return (struct paging){cx->request->table->offset, per};
	return (struct paging){(param_int(cx, P_PAGE) - 1) * per, per};
}

static char *
page_number_link(struct page_context *cx, int64_t page)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)page);
	return page_self_with(cx, P_PAGE, page > 1 ? text : NULL);
}

static void
add_links(struct page_context *cx, node c, int64_t page, int64_t pages)
{
	bool has_next = page<pages, has_prev = page> 1;
	int64_t prev = page - 1 < pages ? page - 1 : pages;
	char *next = has_next ? page_number_link(cx, page + 1) : NULL;

	doc_text(c, "next", has_next ? page_absolute(cx, next) : NULL);
	doc_text(c, "first-url", has_prev ? page_number_link(cx, 1) : "");
	doc_text(c, "prev-url", has_prev ? page_number_link(cx, prev) : "");
	doc_text(c, "next-url", has_next ? next : "");
	doc_text(c, "last-url", has_next ? page_number_link(cx, pages) : "");
}

void
page_table(struct page_context *cx, const char *array, int64_t total)
{
	struct table_state *t = cx->request->table;
	int64_t per = param_int(cx, P_PER), page = param_int(cx, P_PAGE);
	int64_t pages = total > 0 ? (total + per - 1) / per : 1;
	node c = doc_content(cx->doc);

	t->array = array;
	t->total = total;
	doc_count(c, "total", total);
	if (t->pieces) {
		doc_null(c, "next");
		return;
	}
	doc_count(c, "page", page);
	doc_int(c, "per", per);
	doc_count(c, "pages", pages);
	add_links(cx, c, page, pages);
}

void
page_column(struct page_context *cx, const char *key, const char *label)
{
	struct table_state *t = cx->request->table;
	const char *sort = param_text(cx, P_SORT);
	bool down_first = key[0] == '-';
	bool down = sort[0] == '-', sorted;
	node column;

	key += down_first;
	sorted = strcmp(sort + down, key) == 0;
	if (t->columns == NULL)
		t->columns = doc_aside(doc_content(cx->doc), "columns");
	column = doc_object(t->columns, "column");
	doc_text(column, "name", key);
	doc_text(column, "label", label);
	doc_text(column, "sorted", !sorted ? "" : down ? "desc" : "asc");
	if (sorted ? !down : down_first)
		key = arena_printf(cx->arena, "-%s", key);
	doc_text(column, "sort-url", page_self_with(cx, P_SORT, key));
}

void
page_sentence(struct page_context *cx, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	doc_text(doc_content(cx->doc), "sentence", text);
	doc_text(doc_page(cx->doc), "title", text);
	cx->sentence = arena_strdup(cx->arena, text);
}
