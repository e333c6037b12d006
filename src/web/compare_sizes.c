/* compare_sizes.c: what grew between builds, for /compare. */
#include "base/arena.h"
#include "model/size_diff.h"
#include "model/size_store.h"
#include "web/compare_view.h"
#include "web/page_rows.h"

#define ROWS_MAX 200
#define FILES_MAX 10

static const char *
change_word(const struct size_change *c)
{
	if (c->before == SIZE_ABSENT)
		return "new";
	if (c->after == SIZE_ABSENT)
		return "gone";
	return c->after > c->before   ? "more"
	       : c->after < c->before ? "less"
				      : "same";
}

static void
add_bytes(node n, const char *name, int64_t bytes)
{
	if (bytes == SIZE_ABSENT)
		doc_null(n, name);
	else
		doc_bytes(n, name, (double)bytes);
}

static void
add_sizes(node n, const struct size_change *c)
{
	int64_t difference = size_change_bytes(c);

	add_bytes(n, "before", c->before);
	add_bytes(n, "after", c->after);
	doc_bytes(n, "difference", (double)difference);
	if (c->before > 0 && c->after != SIZE_ABSENT)
		doc_share(n, "share", (double)difference / (double)c->before);
	else
		doc_null(n, "share");
	doc_text(n, "change", change_word(c));
}

static void
add_files(node parent, const struct size_change *c)
{
	node list;

	doc_count(parent, "files_changed", (int64_t)c->nfiles);
	list = doc_array(parent, "files");
	for (size_t i = 0; i < c->nlisted; i++) {
		node n = doc_object(list, "file");
		doc_text(n, "path", c->file[i].name);
		add_sizes(n, &c->file[i]);
	}
}

static void
add_images(node sizes, const struct size_changes *images)
{
	node list = doc_array(sizes, "images");

	for (size_t i = 0; i < images->n; i++) {
		node n = doc_object(list, "image");
		doc_text(n, "image", images->change[i].name);
		add_sizes(n, &images->change[i]);
		add_files(n, &images->change[i]);
	}
}

static void
add_packages(
    struct page_context *cx, node sizes, const struct size_changes *packages)
{
	node list = doc_array(sizes, "packages");

	for (size_t i = 0; i < packages->n && i < ROWS_MAX; i++) {
		const struct size_change *c = &packages->change[i];
		node n = doc_object(list, "package");
		doc_text(n, "package", c->name);
		doc_text(n, "recipe", c->of);
		doc_text(
		    n, "version_before", row_text_or_null(c->version_before));
		doc_text(
		    n, "version_after", row_text_or_null(c->version_after));
		add_sizes(n, c);
		add_files(n, c);
		if (row_for_sheet(cx))
			doc_text(n, "history-url",
			    page_link_query(cx,
				page_link(cx, "package/%s/trend", c->of),
				"metric", "package_size", NULL));
	}
}

static void
add_sections(node sizes, const struct size_changes *sections)
{
	node list = doc_array(sizes, "sections");

	for (size_t i = 0; i < sections->n && i < ROWS_MAX; i++) {
		const struct size_change *c = &sections->change[i];
		node n = doc_object(list, "section");
		doc_text(n, "package", c->of);
		doc_text(n, "path", c->name);
		doc_text(n, "section", c->section);
		add_sizes(n, c);
	}
}

enum err
compare_add_sizes(struct page_context *cx, const struct compare_view *v)
{
	const int build[2] = {
	    v->column[0].info.row.id, v->column[v->n - 1].info.row.id};
	double percent =
	    param_given(cx, P_SIZE_SHARE) ? param_real(cx, P_SIZE_SHARE) : 1;
	const struct size_diff_options o = {percent / 100, FILES_MAX};
	struct sizes sides[2] = {{0}};
	struct size_diff diff;
	bool known;
	node sizes;
	enum err err = size_load_differing(
	    cx->db, cx->arena, build, sides, &known, cx->ei);

	if (err != ERR_OK || !known)
		return err;
	err =
	    size_diff_make(cx->arena, &sides[0], &sides[1], &o, &diff, cx->ei);
	if (err != ERR_OK)
		return err;
	sizes = doc_object(doc_content(cx->doc), "sizes");
	doc_real(sizes, "threshold", percent);
	doc_count(sizes, "packages_changed", (int64_t)diff.packages.n);
	doc_count(sizes, "sections_changed", (int64_t)diff.sections.n);
	add_images(sizes, &diff.images);
	add_packages(cx, sizes, &diff.packages);
	add_sections(sizes, &diff.sections);
	return ERR_OK;
}
