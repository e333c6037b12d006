/* size_list.c: see size_list.h. */
#include "model/size_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/intern.h"

const char *
size_base(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

/* ---- packages ---- */

static const char *
arch_of(struct arena *a, const struct size_unit *u)
{
	return arena_strndup(a, u->name, strcspn(u->name, "/"));
}

struct collecting {
	struct arena *a;
	struct intern names;
	struct size_packages *out;
	size_t cap;
};

static struct size_package *
add_package(struct collecting *c, const struct size_package *p)
{
	struct size_packages *out = c->out;

	out->package = arena_grow(
	    c->a, out->package, &c->cap, out->n + 1, sizeof(*out->package));
	out->package[out->n] = *p;
	return &out->package[out->n++];
}

static void
add_recipe(struct collecting *c, const struct size_unit *u)
{
	const char *arch = arch_of(c->a, u);
	bool ignored;

	for (size_t i = 0; i < u->nparts; i++) {
		const struct size_part *p = &u->part[i];
		struct size_package one = {
		    .name = p->name,
		    .recipe = u->recipe,
		    .arch = arch,
		    .version = p->version,
		    .bytes = p->bytes,
		    .nfiles = p->nfiles,
		    .part = p,
		};
		intern_add(&c->names, slice_of(p->name), &ignored);
		add_package(c, &one);
		c->out->bytes += p->bytes > 0 ? p->bytes : 0;
	}
}

/* Marks what is installed; what no recipe has is added. */
static void
add_image(
    struct collecting *c, const struct size_unit *u, struct intern *installed)
{
	bool ignored;
	uint32_t at;

	for (size_t i = 0; i < u->nparts; i++) {
		const struct size_part *p = &u->part[i];
		struct size_package one = {.name = p->name,
		    .recipe = "",
		    .arch = "",
		    .version = p->version,
		    .bytes = p->bytes};
		if (p->name[0] == '\0')
			continue;
		intern_add(installed, slice_of(p->name), &ignored);
		if (intern_find(&c->names, slice_of(p->name), &at))
			continue;
		intern_add(&c->names, slice_of(p->name), &ignored);
		add_package(c, &one);
	}
}

void
size_packages(struct arena *a, const struct sizes *s, struct size_packages *out)
{
	struct collecting c = {.a = a, .out = out};
	struct intern installed;
	uint32_t at;

	*out = (struct size_packages){0};
	intern_init(&c.names, a);
	intern_init(&installed, a);
	for (size_t i = 0; i < s->n; i++)
		if (s->unit[i].kind == SIZE_RECIPE)
			add_recipe(&c, &s->unit[i]);
	for (size_t i = 0; i < s->n; i++)
		if (s->unit[i].kind == SIZE_IMAGE)
			add_image(&c, &s->unit[i], &installed);
	for (size_t i = 0; i < out->n; i++)
		out->package[i].installed = intern_find(
		    &installed, slice_of(out->package[i].name), &at);
}

/* ---- order ---- */

const char *const size_list_keys[] = {
    "package", "recipe", "bytes", "files", NULL};

static int
by_name(const struct size_package *a, const struct size_package *b)
{
	int c = strcmp(a->name, b->name);

	return c != 0 ? c : strcmp(a->arch, b->arch);
}

static int
by_package(const void *x, const void *y)
{
	return by_name(x, y);
}

static int
by_recipe(const void *x, const void *y)
{
	const struct size_package *a = x, *b = y;
	int c = strcmp(a->recipe, b->recipe);

	return c != 0 ? c : by_name(a, b);
}

static int
by_bytes(const void *x, const void *y)
{
	const struct size_package *a = x, *b = y;

	return a->bytes != b->bytes ? (a->bytes < b->bytes ? -1 : 1)
				    : by_name(b, a);
}

static int
by_files(const void *x, const void *y)
{
	const struct size_package *a = x, *b = y;

	return a->nfiles != b->nfiles ? (a->nfiles < b->nfiles ? -1 : 1)
				      : by_name(b, a);
}

void
size_packages_sort(struct size_packages *p, const struct list_order *order)
{
	static int (*const orders[])(const void *, const void *) = {
	    by_package, by_recipe, by_bytes, by_files};
	size_t n = p->n;

	for (size_t i = 0; n > 1 && size_list_keys[i] != NULL; i++)
		if (strcmp(size_list_keys[i], order->key) == 0)
			qsort(p->package, n, sizeof(*p->package), orders[i]);
	for (size_t i = 0; order->down && i < n / 2; i++) {
		struct size_package one = p->package[i];
		p->package[i] = p->package[n - 1 - i];
		p->package[n - 1 - i] = one;
	}
}

/* ---- files ---- */

struct gathering {
	struct arena *a, *scratch;
	struct size_file *file; /* the largest so far */
	size_t n, most, total;
};

/* Room for twice as many; the smaller half goes when it is full. */
static int
by_size(const void *x, const void *y)
{
	const struct size_file *a = x, *b = y;

	return a->size != b->size ? (a->size > b->size ? -1 : 1)
				  : strcmp(a->path, b->path);
}

static void
cut(struct gathering *g)
{
	if (g->n > 1)
		qsort(g->file, g->n, sizeof(*g->file), by_size);
	if (g->n > g->most)
		g->n = g->most;
}

static enum err
add_files(struct gathering *g, const struct size_part *p, const char *owner,
    struct errinfo *ei)
{
	struct file_list list;
	enum err err = size_part_files(g->scratch, p, &list, ei);

	for (size_t i = 0; err == ERR_OK && i < list.n; i++) {
		const struct listed_file *f = &list.file[i];
		if (g->n == 2 * g->most)
			cut(g);
		g->file[g->n++] =
		    (struct size_file){utf8_scrub(g->a, f->path.p, f->path.n),
			owner, f->size, f->type};
		g->total++;
	}
	arena_reset(g->scratch);
	return err;
}

static enum err
add_unit(struct gathering *g, const struct size_unit *u, const char *package,
    struct errinfo *ei)
{
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < u->nparts; i++) {
		const struct size_part *p = &u->part[i];
		if (p->nfiles > 0 &&
		    (package[0] == '\0' || strcmp(p->name, package) == 0))
			err = add_files(g, p,
			    u->kind == SIZE_IMAGE ? size_base(u->name)
						  : p->name,
			    ei);
	}
	return err;
}

static bool
has_image_files(const struct sizes *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->unit[i].kind == SIZE_IMAGE && s->unit[i].nfiles > 0)
			return true;
	return false;
}

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

enum err
size_largest_files(struct arena *a, const struct sizes *s, const char *package,
    size_t most, struct size_files *out, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	enum size_kind kind =
	    package[0] == '\0' && has_image_files(s) ? SIZE_IMAGE : SIZE_RECIPE;
	struct gathering g = {.a = a, .scratch = scratch, .most = most};
	enum err err = ERR_OK;

	g.file = arena_calloc(a, 2 * most + 1, sizeof(*g.file));
	for (size_t i = 0; err == ERR_OK && i < s->n; i++)
		if (s->unit[i].kind == kind)
			err = add_unit(&g, &s->unit[i], package, ei);
	cut(&g);
	*out = (struct size_files){g.n, g.file, g.total};
	return err;
}
