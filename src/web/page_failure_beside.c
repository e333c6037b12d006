/* page_failure_beside.c: a failed build and the nearest good one side by
 * side: environment, configuration, revisions of layers. */
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "web/page_failure.h"
#include "web/page_near.h"
#include "web/page_rows.h"

#define FACTS_MAX 64
#define VARIABLES_MAX 60

static void
add_difference(struct page_context *cx, node list, const char *group,
    const struct difference *d)
{
	node n = doc_object(list, "difference");

	doc_text(n, "group", group);
	doc_text(n, "field", d->field);
	doc_text(n, "here", d->here);
	doc_text(n, "there", d->there);
	if (row_for_sheet(cx)) {
		char *label = arena_strdup(cx->arena, d->field);
		if (strcmp(group, "environment") == 0)
			for (char *p = label; *p != '\0'; p++)
				*p = *p == '_' ? ' ' : *p;
		doc_text(n, "field-h", label);
	}
}

/* What nearness doesn't know of. */
static const struct extra {
	const char *field;
	size_t offset;
} extras[] = {
    {"distro_version", offsetof(struct build_info, distro_version)},
    {"image", offsetof(struct build_info, row.image)},
    {"host", offsetof(struct build_info, host)},
    {"host_arch", offsetof(struct build_info, host_arch)},
    {"host_info", offsetof(struct build_info, host_info)},
    {"mode", offsetof(struct build_info, mode)},
};

static const char *
extra_of(const struct build_info *b, const struct extra *e)
{
	return *(
	    const char *const *)(const void *)((const char *)b + e->offset);
}

static void
add_extras(struct page_context *cx, node list, const struct build_info *here,
    const struct build_info *there)
{
	for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
		struct difference d = {extras[i].field,
		    extra_of(here, &extras[i]), extra_of(there, &extras[i])};
		if (d.here[0] != '\0' && d.there[0] != '\0' &&
		    strcmp(d.here, d.there) != 0)
			add_difference(cx, list, "environment", &d);
	}
}

static bool
layers_known(const struct near_found *found)
{
	return found->here.nlayers > 0 && found->there.nlayers > 0;
}

/* Layers come last among the differences, as "layer NAME". */
static void
add_facts(struct page_context *cx, node list, const struct near_found *found,
    bool layers)
{
	static const char prefix[] = "layer ";
	struct difference d[FACTS_MAX];
	size_t n =
	    differences(cx->arena, &found->here, &found->there, d, FACTS_MAX);

	for (size_t i = 0; i < n; i++) {
		bool layer = strncmp(d[i].field, prefix, strlen(prefix)) == 0;
		/* oe-core's commit is one of the layers', when those are known.
		 */
		if (layer != layers ||
		    (strcmp(d[i].field, "commit") == 0 && layers_known(found)))
			continue;
		if (layer)
			d[i].field += strlen(prefix);
		add_difference(
		    cx, list, layer ? "layers" : "environment", &d[i]);
	}
}

/* Set to nothing, or not set at all. */
static const char *
value_or_quotes(const char *value)
{
	return value != NULL && value[0] == '\0' ? "\"\"" : value;
}

static enum err
add_configuration(struct page_context *cx, node beside, node list,
    const struct build_row *here, const struct build_row *there)
{
	struct config_difference d[VARIABLES_MAX];
	struct config_side side[2];
	size_t n;
	enum err err =
	    failure_view_configs(cx->db, cx->arena, here, there, side, cx->ei);

	if (err != ERR_OK)
		return err;
	doc_text(beside, "configuration",
	    side[0].n > 0 && side[1].n > 0 ? "both"
	    : side[0].n > 0                ? "here"
	    : side[1].n > 0                ? "there"
					   : "none");
	if (side[0].n == 0 || side[1].n == 0)
		return ERR_OK;
	n = config_diff(cx->arena, side[0], side[1], d, VARIABLES_MAX);
	doc_count(beside, "variables", (int64_t)n);
	for (size_t i = 0; i < n && i < VARIABLES_MAX; i++) {
		struct difference x = {d[i].variable,
		    value_or_quotes(d[i].here), value_or_quotes(d[i].there)};
		add_difference(
		    cx, list, d[i].local ? "local" : "configuration", &x);
	}
	return ERR_OK;
}

enum err
failure_add_beside(struct page_context *cx, const struct failure_view *v,
    const struct near_found *found)
{
	const char *id = arena_printf(cx->arena, "%d", found->nearest.build);
	struct build_info there;
	node n, list;
	enum err err = build_find(cx->db, cx->arena, id, &there, cx->ei);

	if (err != ERR_OK)
		return err;
	n = doc_object(doc_content(cx->doc), "beside");
	doc_int(n, "build", there.row.id);
	row_build_links(cx, n, there.row.id);
	doc_text(n, "name", there.row.name);
	doc_text(n, "builder", there.row.builder);
	doc_time(n, "started", there.row.started);
	doc_bool(n, "layers_known", layers_known(found));
	list = doc_array(n, "differences");
	add_facts(cx, list, found, false);
	add_extras(cx, list, &v->build, &there);
	err = add_configuration(cx, n, list, &v->build.row, &there.row);
	add_facts(cx, list, found, true);
	return err;
}
