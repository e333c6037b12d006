/* page_sizes.c: how large the things are that a build made, /build/ID/sizes. */
#include <string.h>

#include "base/arena.h"
#include "model/size_list.h"
#include "model/size_store.h"
#include "web/page_rows.h"
#include "web/pages.h"
#include "web/sentence.h"

#define FILES_MAX 50
#define FILES_OF_PACKAGE_MAX 1000
#define PROGRAMS_MAX 50

struct view {
	struct build_info build;
	struct sizes sizes;
	struct size_packages packages;
	const char *package; /* whose files are shown, or "" */
};

static void
add_bytes(node n, int64_t bytes)
{
	if (bytes >= 0)
		doc_bytes(n, "bytes", (double)bytes);
	else
		doc_null(n, "bytes");
}

/* ---- images ---- */

/* MACHINE_ARCH/TCLIBC/IMAGE */
static void
add_image(struct page_context *cx, node list, const struct size_unit *u)
{
	struct slice rest = slice_of(u->name), arch, libc;
	const struct size_part *files = size_part_find(u, "");
	node n = doc_object(list, "image");

	slice_cut(&rest, '/', &arch);
	slice_cut(&rest, '/', &libc);
	doc_text(n, "image", size_base(u->name));
	doc_text(n, "machine", arena_strndup(cx->arena, arch.p, arch.n));
	doc_text(n, "libc", arena_strndup(cx->arena, libc.p, libc.n));
	add_bytes(n, u->bytes);
	doc_count(n, "packages", (int64_t)(u->nparts - (files != NULL)));
	doc_count(n, "files", (int64_t)u->nfiles);
}

static void
add_images(struct page_context *cx, const struct view *v)
{
	node list = doc_array(doc_content(cx->doc), "images");

	for (size_t i = 0; i < v->sizes.n; i++)
		if (v->sizes.unit[i].kind == SIZE_IMAGE)
			add_image(cx, list, &v->sizes.unit[i]);
}

/* ---- packages ---- */

static void
add_columns(struct page_context *cx)
{
	page_column(cx, "package", "Package");
	page_column(cx, "recipe", "Recipe");
	page_column(cx, "-bytes", "Size");
	page_column(cx, "-files", "Files");
}

static void
add_package(struct page_context *cx, node list, const struct view *v,
    const struct size_package *p, double largest)
{
	node n = doc_object(list, "package");

	doc_text(n, "package", p->name);
	doc_text(n, "recipe", row_text_or_null(p->recipe));
	doc_text(n, "version", row_text_or_null(p->version));
	doc_text(n, "arch", row_text_or_null(p->arch));
	add_bytes(n, p->bytes);
	doc_count(n, "files", (int64_t)p->nfiles);
	doc_bool(n, "installed", p->installed);
	row_width(cx, n, (double)p->bytes, largest);
	if (!row_for_sheet(cx))
		return;
	doc_text(n, "files-url",
	    page_link_query(cx,
		page_link(cx, "build/%d/sizes", v->build.row.id), "package",
		p->name, NULL));
	if (p->recipe[0] != '\0')
		doc_text(n, "history-url",
		    page_link_query(cx,
			page_link(cx, "package/%s/trend", p->recipe), "metric",
			"package_size", NULL));
}

static void
add_packages(struct page_context *cx, const struct view *v)
{
	struct paging page = page_paging(cx);
	const struct size_packages *p = &v->packages;
	size_t from = (uint64_t)page.offset < p->n ? (size_t)page.offset : p->n;
	size_t to = (uint64_t)page.limit < p->n - from
			? from + (size_t)page.limit
			: p->n;
	double largest = 0;
	node list;

	page_table(cx, "packages", (int64_t)p->n);
	add_columns(cx);
	list = doc_array(doc_content(cx->doc), "packages");
	for (size_t i = 0; i < p->n; i++)
		if ((double)p->package[i].bytes > largest)
			largest = (double)p->package[i].bytes;
	for (size_t i = from; i < to; i++)
		add_package(cx, list, v, &p->package[i], largest);
}

/* ---- files and programs ---- */

static enum err
add_files(struct page_context *cx, const struct view *v)
{
	size_t most = v->package[0] != '\0' ? FILES_OF_PACKAGE_MAX : FILES_MAX;
	struct size_files files;
	node list;
	enum err err = size_largest_files(
	    cx->arena, &v->sizes, v->package, most, &files, cx->ei);

	if (err != ERR_OK)
		return err;
	doc_count(doc_content(cx->doc), "files_total", (int64_t)files.total);
	list = doc_array(doc_content(cx->doc), "files");
	for (size_t i = 0; i < files.n; i++) {
		node f = doc_object(list, "file");
		char type[2] = {files.file[i].type, '\0'};
		doc_text(f, "path", files.file[i].path);
		doc_text(f, "of", files.file[i].owner);
		doc_text(f, "type", type);
		doc_bytes(f, "bytes", (double)files.file[i].size);
		row_width(cx, f, (double)files.file[i].size,
		    (double)files.file[0].size);
	}
	return ERR_OK;
}

static enum err
add_sections(struct page_context *cx, node program, const struct size_part *p)
{
	struct file_list list;
	enum err err = size_part_files(cx->arena, p, &list, cx->ei);

	for (size_t i = 0; err == ERR_OK && i < list.n; i++) {
		const struct listed_file *f = &list.file[i];
		node s = doc_item(program, "section");
		doc_text(
		    s, "name", utf8_scrub(cx->arena, f->path.p, f->path.n));
		doc_bytes(s, "bytes", (double)f->size);
	}
	return err;
}

static enum err
add_programs(struct page_context *cx, const struct view *v)
{
	node list = doc_array(doc_content(cx->doc), "programs");
	enum err err = ERR_OK;
	size_t n = 0;

	for (size_t i = 0; i < v->sizes.n; i++) {
		const struct size_unit *u = &v->sizes.unit[i];
		if (u->kind != SIZE_ELF ||
		    (v->package[0] != '\0' && strcmp(v->package, u->name) != 0))
			continue;
		for (size_t k = 0;
		     err == ERR_OK && k < u->nparts && n < PROGRAMS_MAX;
		     k++, n++) {
			node p = doc_object(list, "program");
			doc_text(p, "package", u->name);
			doc_text(p, "path", u->part[k].name);
			add_bytes(p, u->part[k].bytes);
			err = add_sections(cx, p, &u->part[k]);
		}
	}
	return err;
}

/* ---- the page ---- */

static void
say(struct page_context *cx, const struct view *v)
{
	const struct size_unit *image = NULL;
	struct buf b = BUF_INIT;
	char bytes[HUMAN_MAX];

	for (size_t i = 0; i < v->sizes.n; i++)
		if (v->sizes.unit[i].kind == SIZE_IMAGE &&
		    (image == NULL || v->sizes.unit[i].bytes > image->bytes))
			image = &v->sizes.unit[i];
	if (v->sizes.n == 0) {
		buf_adds(&b, "No sizes are known of ");
		sentence_target(&b, &v->build.row);
	} else if (image != NULL && image->bytes >= 0) {
		human_bytes(bytes, (double)image->bytes);
		buf_addf(&b, "%s takes %s without free space",
		    size_base(image->name), bytes);
	} else {
		human_bytes(bytes, (double)v->packages.bytes);
		sentence_count(&b, (int64_t)v->packages.n, "package");
		buf_addf(&b, " of %s in all", bytes);
	}
	row_sentence(cx, &b);
}

static enum err
load(struct page_context *cx, struct view *v)
{
	struct unit_ids ids = {0};
	enum err err = row_find_build(cx, &v->build);

	if (err == ERR_OK)
		err =
		    size_ids(cx->db, cx->arena, v->build.row.id, &ids, cx->ei);
	if (err == ERR_OK)
		err = size_load(cx->db, cx->arena, ids, &v->sizes, cx->ei);
	if (err == ERR_OK)
		size_packages(cx->arena, &v->sizes, &v->packages);
	return err;
}

enum err
page_sizes(struct page_context *cx)
{
	struct view v = {.package = param_text(cx, P_PACKAGE)};
	struct list_order order;
	enum err err = row_order(cx, size_list_keys, "-bytes", &order);

	if (err == ERR_OK)
		err = load(cx, &v);
	if (err != ERR_OK)
		return err;
	size_packages_sort(&v.packages, &order);
	say(cx, &v);
	row_build(cx, doc_object(doc_content(cx->doc), "build"), &v.build.row);
	doc_bytes(
	    doc_content(cx->doc), "packages_bytes", (double)v.packages.bytes);
	doc_text(doc_content(cx->doc), "package", row_text_or_null(v.package));
	add_images(cx, &v);
	add_packages(cx, &v);
	err = add_files(cx, &v);
	return err == ERR_OK ? add_programs(cx, &v) : err;
}
