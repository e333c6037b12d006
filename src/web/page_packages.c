/* page_packages.c: the packages of one build, /build/ID/packages. */
#include "model/package_list.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

static void
add_columns(struct page_context *cx)
{
	page_column(cx, "recipe", "Recipe");
	page_column(cx, "version", "Version");
	page_column(cx, "status", "Status");
	page_column(cx, "started", "Started");
	page_column(cx, "-elapsed", "Time");
	page_column(cx, "-cputime", "CPU time");
	page_column(cx, "-tasks", "Tasks");
}

static void
say(struct page_context *cx, const struct build_row *build,
    const struct package_list *list)
{
	struct buf b = BUF_INIT;

	if (list->total == 0)
		buf_adds(&b, "No package");
	else
		sentence_count(&b, list->total, "package");
	buf_adds(&b, " of ");
	sentence_target(&b, build);
	if (list->total == 0)
		buf_adds(&b, " matches");
	else if (list->failed > 0 && list->failed < list->total)
		buf_addf(&b, ": %lld failed", (long long)list->failed);
	else if (list->failed > 0)
		buf_adds(&b, list->total == 1 ? " failed" : ", all failed");
	row_sentence(cx, &b);
}

enum err
page_packages(struct page_context *cx)
{
	struct build_info build;
	struct package_list list;
	struct package_query q = {.filter = {
				      .statuses = row_statuses(cx),
				      .package = param_text(cx, P_PACKAGE),
				      .task = row_task_name(cx),
				      .min = param_real(cx, P_MIN),
				  }};
	node packages;
	enum err err = row_order(cx, package_list_keys, "-elapsed", &q.order);

	if (err == ERR_OK)
		err = row_find_build(cx, &build);
	if (err != ERR_OK)
		return err;
	q.build = &build.row;
	err = package_list_find(cx->db, cx->arena, &q, &list, cx->ei);
	if (err != ERR_OK)
		return err;
	say(cx, &build.row, &list);
	page_table(cx, "packages", list.total);
	row_build(cx, doc_object(doc_content(cx->doc), "build"), &build.row);
	add_columns(cx);
	packages = doc_array(doc_content(cx->doc), "packages");
	for (size_t i = 0; i < list.n; i++) {
		node n = doc_object(packages, "package");
		row_package(cx, n, &build.row, &list.row[i]);
		row_width(cx, n, list.row[i].elapsed, list.longest);
	}
	return ERR_OK;
}
