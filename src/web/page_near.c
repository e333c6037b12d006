/* page_near.c: see page_near.h. */
#include "web/page_near.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/build_info.h"
#include "model/nearness.h"
#include "web/page_rows.h"

#define CANDIDATES_MAX 100
#define SHOWN 12
#define DIFFERENCES_MAX 24

struct candidate {
	struct package_result result;
	struct build_facts facts;
	double near;
};

struct near {
	const struct near_asked *asked;
	const struct build_row *here;
	struct build_facts facts;
	struct candidate candidate[CANDIDATES_MAX];
	size_t n;
};

static void
add_candidates(struct near *near, const struct package_results *results)
{
	for (size_t i = 0; i < results->n && near->n < CANDIDATES_MAX; i++) {
		const struct package_result *r = &results->row[i];
		size_t k = 0;
		if (r->status != BUILD_SUCCEEDED || r->build == near->here->id)
			continue;
		while (k < near->n &&
		       (near->candidate[k].result.build != r->build ||
			   strcmp(near->candidate[k].result.version,
			       r->version) != 0))
			k++;
		if (k == near->n)
			near->candidate[near->n++].result = *r;
	}
}

enum err
near_load_layers(struct page_context *cx, const int32_t *build,
    struct build_facts *const *facts, size_t n)
{
	struct layers_of all;
	enum err err = build_layers(cx->db, cx->arena, build, n, &all, cx->ei);

	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		struct layer *layer;
		facts[i]->nlayers =
		    layers_of_build(cx->arena, &all, build[i], &layer);
		facts[i]->layers = layer;
	}
	return err;
}

static enum err
load_layers(struct page_context *cx, struct near *near)
{
	int32_t ids[CANDIDATES_MAX + 1];
	struct build_facts *facts[CANDIDATES_MAX + 1];

	for (size_t i = 0; i < near->n; i++) {
		ids[i] = near->candidate[i].result.build;
		facts[i] = &near->candidate[i].facts;
	}
	ids[near->n] = near->here->id;
	facts[near->n] = &near->facts;
	return near_load_layers(cx, ids, facts, near->n + 1);
}

static enum err
load_hosts(struct page_context *cx, struct near *near)
{
	struct package_result row[CANDIDATES_MAX];
	enum err err;

	for (size_t i = 0; i < near->n; i++)
		row[i] = near->candidate[i].result;
	err = package_load_hosts(cx->db, cx->arena, row, near->n, cx->ei);
	for (size_t i = 0; i < near->n; i++)
		near->candidate[i].result = row[i];
	return err;
}

static enum err
load_here(struct page_context *cx, struct near *near)
{
	const struct near_asked *asked = near->asked;
	const struct build_info *b = asked->here;

	near->here = &b->row;
	near->facts = (struct build_facts){
	    .machine = b->row.machine,
	    .distro = b->row.distro,
	    .version = asked->version,
	    .branch = b->row.branch,
	    .commit = b->row.commit,
	    .builder = b->row.builder,
	    .host_distro = b->host_distro,
	    .bitbake_version = b->bitbake_version,
	};
	if (asked->version[0] != '\0')
		return ERR_OK;
	return package_version_in(cx->db, cx->arena, &b->row, asked->recipe,
	    &near->facts.version, cx->ei);
}

static int
by_nearness(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->near != y->near)
		return x->near < y->near ? 1 : -1;
	if (x->result.started != y->result.started)
		return x->result.started < y->result.started ? 1 : -1;
	return (x->result.build < y->result.build) -
	       (x->result.build > y->result.build);
}

static void
rank(struct near *near)
{
	for (size_t i = 0; i < near->n; i++) {
		struct candidate *c = &near->candidate[i];
		const struct package_result *r = &c->result;
		c->facts.machine = r->machine;
		c->facts.distro = r->distro;
		c->facts.version = r->version;
		c->facts.branch = r->branch;
		c->facts.commit = r->commit;
		c->facts.builder = r->builder;
		c->facts.host_distro = r->host_distro;
		c->facts.bitbake_version = r->bitbake_version;
		c->near = nearness(&near->facts, &c->facts);
	}
	qsort(
	    near->candidate, near->n, sizeof(near->candidate[0]), by_nearness);
}

/* "version, host distro, 2 layers" */
static const char *
in_words(struct page_context *cx, const struct difference *d, size_t n)
{
	struct buf b = BUF_INIT;
	size_t layers = 0;
	char *text;

	for (size_t i = 0; i < n; i++) {
		if (strncmp(d[i].field, "layer ", 6) == 0)
			layers++;
		else
			buf_addf(&b, "%s%s", b.len > 0 ? ", " : "", d[i].field);
	}
	if (layers > 0)
		buf_addf(&b, "%s%zu layer%s", b.len > 0 ? ", " : "", layers,
		    layers == 1 ? "" : "s");
	text = arena_strdup(cx->arena, b.len > 0 ? b.data : "");
	buf_clear(&b);
	for (char *p = text; *p != '\0'; p++)
		*p = *p == '_' ? ' ' : *p;
	return text;
}

static void
add_differences(
    struct page_context *cx, node n, const struct near *near, size_t i)
{
	struct difference d[DIFFERENCES_MAX];
	size_t count = differences(cx->arena, &near->facts,
	    &near->candidate[i].facts, d, DIFFERENCES_MAX);
	node list = doc_array(n, "differences");

	if (row_for_sheet(cx))
		doc_text(n, "differs-h", in_words(cx, d, count));
	for (size_t k = 0; k < count; k++) {
		node x = doc_object(list, "difference");
		doc_text(x, "field", d[k].field);
		doc_text(x, "here", d[k].here);
		doc_text(x, "there", d[k].there);
	}
}

enum err
near_add_successes(struct page_context *cx, const struct near_asked *asked,
    struct near_found *found)
{
	struct near *near = arena_zalloc(cx->arena, sizeof(*near));
	node list = doc_array(doc_content(cx->doc), "successes");
	struct package_results same = {0};
	enum err err;

	near->asked = asked;
	err = load_here(cx, near);
	if (err == ERR_OK && !asked->window->none_succeeded)
		err = package_successes_on(cx->db, cx->arena, asked->recipe,
		    near->here->machine, &same, cx->ei);
	if (err != ERR_OK)
		return err;
	add_candidates(near, &same);
	add_candidates(near, asked->window);
	err = load_hosts(cx, near);
	if (err == ERR_OK)
		err = load_layers(cx, near);
	if (err != ERR_OK)
		return err;
	rank(near);
	for (size_t i = 0; i < near->n && i < SHOWN; i++) {
		node n = doc_object(list, "build");
		row_result(cx, n, &near->candidate[i].result);
		add_differences(cx, n, near, i);
	}
	*found = (struct near_found){.here = near->facts, .n = near->n};
	if (near->n > 0) {
		found->nearest = near->candidate[0].result;
		found->there = near->candidate[0].facts;
	}
	return ERR_OK;
}
