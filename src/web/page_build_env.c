/* page_build_env.c: what a build was made with, and what was kept beside. */
#include <math.h>

#include <string.h>

#include "base/arena.h"
#include "web/page_build.h"
#include "web/page_rows.h"

static void
add_names(node parent, const char *array, const char *each,
    const char *const *name, size_t n)
{
	node list = doc_array(parent, array);

	for (size_t i = 0; i < n; i++)
		doc_text(doc_object(list, each), "name", name[i]);
}

static void
add_layers(struct page_context *cx, node parent, const struct build_info *b)
{
	node list = doc_array(parent, "layers");

	for (size_t i = 0; i < b->nlayers; i++) {
		const struct layer *l = &b->layers[i];
		node n = doc_object(list, "layer");
		doc_text(n, "name", l->name);
		doc_text(n, "branch", l->branch);
		doc_text(n, "commit", l->commit);
		doc_text(
		    n, "commit-h", arena_printf(cx->arena, "%.12s", l->commit));
		if (l->modified < 0)
			doc_null(n, "modified");
		else
			doc_bool(n, "modified", l->modified > 0);
	}
}

void
build_add_environment(struct page_context *cx, const struct build_view *v)
{
	const struct build_info *b = &v->info;
	node n = doc_object(doc_content(cx->doc), "environment"), origin;

	doc_text(n, "uuid", b->uuid[0] != '\0' ? b->uuid : NULL);
	doc_text(n, "builder", b->row.builder);
	doc_text(n, "machine", b->row.machine);
	doc_text(n, "distro", b->row.distro);
	doc_text(n, "distro_version", b->distro_version);
	doc_text(n, "image", b->row.image);
	doc_text(n, "host", b->host);
	doc_text(n, "host_info", b->host_info);
	doc_text(n, "host_distro", b->host_distro);
	doc_text(n, "host_arch", b->host_arch);
	doc_text(n, "bitbake_version", b->bitbake_version);
	doc_text(n, "branch", b->row.branch);
	doc_text(n, "commit", b->row.commit);
	doc_text(n, "mode", b->mode);
	add_names(n, "targets", "target", b->targets, b->ntargets);
	add_names(n, "tags", "tag", b->tags, b->ntags);
	add_layers(cx, n, b);
	origin = doc_values(n, "origin");
	for (size_t i = 0; i < b->norigins; i++) {
		node field = doc_object(origin, "field");
		doc_text(field, "name", b->origins[i].field);
		doc_text(field, "value", b->origins[i].source);
	}
}

void
build_add_repairs(struct page_context *cx, const struct build_view *v)
{
	node list = doc_array(doc_content(cx->doc), "repairs");

	for (size_t i = 0; i < v->info.nrepairs; i++)
		doc_text(
		    doc_object(list, "repair"), "text", v->info.repairs[i]);
}

void
build_add_texts(struct page_context *cx, const struct build_view *v)
{
	const struct build_info *b = &v->info;
	node list = doc_array(doc_content(cx->doc), "rootfs");

	for (size_t i = 0; i < b->nrootfs; i++) {
		node n = doc_object(list, "image");
		doc_text(n, "path", b->rootfs[i].path);
		doc_bytes(n, "bytes", (double)b->rootfs[i].bytes);
	}
	list = doc_array(doc_content(cx->doc), "texts");
	for (size_t i = 0; i < b->ntexts; i++) {
		node n = doc_object(list, "text");
		doc_text(n, "name", b->texts[i].name);
		doc_bytes(n, "size", (double)b->texts[i].size);
		doc_text(n, "url",
		    row_url(cx, page_link(cx, "build/%d/text/%s", b->row.id,
				    b->texts[i].name)));
	}
}

void
build_add_metrics(struct page_context *cx, const struct build_view *v)
{
	node map = doc_map(doc_content(cx->doc), "metrics");

	for (size_t i = 0; i < v->info.nmetrics; i++) {
		const struct metric_sum *m = &v->info.metrics[i];
		node n = doc_object(map, "metric");
		doc_text(n, "name", m->name);
		doc_text(n, "unit", m->unit);
		doc_text(n, "kind", m->kind);
		doc_measure(n, "sum", m->sum, m->unit);
		doc_measure(n, "max", m->max, m->unit);
		doc_text(n, "tasks-url",
		    strcmp(m->kind, "build") == 0
			? page_link_query(cx, "trend", "metric", m->name, NULL)
			: page_link_query(cx,
			      page_link(cx, "build/%d/tasks", v->info.row.id),
			      "metric", m->name, "sort",
			      arena_printf(cx->arena, "-%s", m->name), NULL));
	}
}
