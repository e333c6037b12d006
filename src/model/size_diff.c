/* size_diff.c: see size_diff.h. */
#include "model/size_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/size_list.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

#define IMAGE_FILES 5 /* times as many */

/* A part with what it belongs to. */
struct piece {
	const char *name;
	const struct size_unit *unit;
	const struct size_part *part;
};

struct pieces {
	size_t n;
	struct piece *piece; /* sorted by name */
};

struct making {
	struct arena *a;
	const struct size_diff_options *o;
	struct size_changes *out;
	size_t cap;
	struct errinfo *ei;
};

static int64_t
present(int64_t bytes)
{
	return bytes > 0 ? bytes : 0;
}

int64_t
size_change_bytes(const struct size_change *c)
{
	return present(c->after) - present(c->before);
}

static int
by_difference(const void *x, const void *y)
{
	const struct size_change *a = x, *b = y;
	int64_t d = llabs(size_change_bytes(a)),
		e = llabs(size_change_bytes(b));
	int c;

	if (d != e)
		return d > e ? -1 : 1;
	c = strcmp(a->name, b->name);
	return c != 0 ? c : strcmp(a->section, b->section);
}

static void
sort(struct size_changes *s)
{
	if (s->n > 1)
		qsort(s->change, s->n, sizeof(*s->change), by_difference);
}

static void
add(struct making *m, const struct size_change *c)
{
	struct size_changes *out = m->out;

	out->change = arena_grow(
	    m->a, out->change, &m->cap, out->n + 1, sizeof(*out->change));
	out->change[out->n++] = *c;
}

/* New and gone ones always differ enough. */
static bool
differs(const struct making *m, const struct size_change *c)
{
	int64_t d = llabs(size_change_bytes(c));

	if (c->before == SIZE_ABSENT || c->after == SIZE_ABSENT)
		return true;
	return d > 0 && (double)d > m->o->share * (double)c->before;
}

/* ---- files ---- */

static int
compare_paths(struct slice a, struct slice b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static enum err
files_of(struct arena *a, const struct size_part *p, struct file_list *out,
    struct errinfo *ei)
{
	*out = (struct file_list){0};
	return p != NULL ? size_part_files(a, p, out, ei) : ERR_OK;
}

/* Both lists are sorted by path. */
static void
merge_files(struct making *m, const struct file_list *x,
    const struct file_list *y, const struct size_change *like)
{
	for (size_t i = 0, k = 0; i < x->n || k < y->n;) {
		int c = i == x->n ? 1
			: k == y->n
			    ? -1
			    : compare_paths(x->file[i].path, y->file[k].path);
		const struct listed_file *f =
		    c <= 0 ? &x->file[i] : &y->file[k];
		struct size_change one = *like;
		one.name = one.section[0] == '\0' ? "" : one.name;
		one.before = c <= 0 ? (int64_t)x->file[i].size : SIZE_ABSENT;
		one.after = c >= 0 ? (int64_t)y->file[k].size : SIZE_ABSENT;
		i += c <= 0;
		k += c >= 0;
		if (one.before == one.after)
			continue;
		if (like->section[0] != '\0') {
			one.section = utf8_scrub(m->a, f->path.p, f->path.n);
			if (!differs(m, &one))
				continue;
		} else {
			one.name = utf8_scrub(m->a, f->path.p, f->path.n);
		}
		add(m, &one);
	}
}

static enum err
diff_files(struct making *m, const struct size_part *x,
    const struct size_part *y, const struct size_change *like)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct file_list before, after;
	enum err err = files_of(scratch, x, &before, m->ei);

	if (err == ERR_OK)
		err = files_of(scratch, y, &after, m->ei);
	if (err == ERR_OK)
		merge_files(m, &before, &after, like);
	return err;
}

/* The files of a package or image that differ, the largest `most`. */
static enum err
find_files(struct making *of, const struct size_part *x,
    const struct size_part *y, size_t most, struct size_change *c)
{
	static const struct size_change none = {
	    .name = "", .of = "", .section = ""};
	struct size_changes files = {0};
	struct making m = {.a = of->a, .o = of->o, .out = &files, .ei = of->ei};
	enum err err = diff_files(&m, x, y, &none);

	sort(&files);
	c->file = files.change;
	c->nfiles = files.n;
	c->nlisted = files.n < most ? files.n : most;
	return err;
}

/* ---- parts ---- */

static int
by_name(const void *x, const void *y)
{
	const struct piece *a = x, *b = y;
	int c = strcmp(a->name, b->name);

	return c != 0 ? c : strcmp(a->unit->name, b->unit->name);
}

/* All parts of a kind, whatever recipe or architecture they are of. */
static struct pieces
collect(struct arena *a, const struct sizes *s, enum size_kind kind)
{
	struct pieces out = {0};
	size_t cap = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct size_unit *u = &s->unit[i];
		if (u->kind != kind)
			continue;
		for (size_t k = 0; k < (kind == SIZE_IMAGE ? 1 : u->nparts);
		     k++) {
			out.piece = arena_grow(
			    a, out.piece, &cap, out.n + 1, sizeof(*out.piece));
			out.piece[out.n++] =
			    kind == SIZE_IMAGE
				? (struct piece){size_base(u->name), u,
				      size_part_find(u, "")}
				: (struct piece){
				      kind == SIZE_ELF
					  ? arena_printf(a, "%s %s", u->name,
						u->part[k].name)
					  : u->part[k].name,
				      u, &u->part[k]};
		}
	}
	if (out.n > 1)
		qsort(out.piece, out.n, sizeof(*out.piece), by_name);
	return out;
}

typedef enum err (*pair_fn)(
    struct making *m, const struct piece *before, const struct piece *after);

/* Gives what is called the same together; NULL where there is none. */
static enum err
pair(struct making *m, const struct pieces *x, const struct pieces *y,
    pair_fn fn)
{
	enum err err = ERR_OK;

	for (size_t i = 0, k = 0; err == ERR_OK && (i < x->n || k < y->n);) {
		int c = i == x->n ? 1
			: k == y->n
			    ? -1
			    : strcmp(x->piece[i].name, y->piece[k].name);
		err = fn(m, c <= 0 ? &x->piece[i] : NULL,
		    c >= 0 ? &y->piece[k] : NULL);
		i += c <= 0;
		k += c >= 0;
	}
	return err;
}

static const struct size_part *
part_of(const struct piece *p)
{
	return p != NULL ? p->part : NULL;
}

static enum err
pair_packages(struct making *m, const struct piece *x, const struct piece *y)
{
	const struct piece *any = y != NULL ? y : x;
	struct size_change c = {
	    .name = any->name,
	    .of = any->unit->recipe,
	    .section = "",
	    .version_before = x != NULL ? x->part->version : "",
	    .version_after = y != NULL ? y->part->version : "",
	    .before = x != NULL ? present(x->part->bytes) : SIZE_ABSENT,
	    .after = y != NULL ? present(y->part->bytes) : SIZE_ABSENT,
	};
	enum err err;

	if (!differs(m, &c))
		return ERR_OK;
	err = find_files(m, part_of(x), part_of(y), m->o->files, &c);
	add(m, &c);
	return err;
}

static enum err
pair_images(struct making *m, const struct piece *x, const struct piece *y)
{
	struct size_change c = {
	    .name = y != NULL ? y->name : x->name,
	    .of = "",
	    .section = "",
	    .version_before = "",
	    .version_after = "",
	    .before = x != NULL ? present(x->unit->bytes) : SIZE_ABSENT,
	    .after = y != NULL ? present(y->unit->bytes) : SIZE_ABSENT,
	};
	enum err err = find_files(
	    m, part_of(x), part_of(y), IMAGE_FILES * m->o->files, &c);

	add(m, &c);
	return err;
}

static enum err
pair_programs(struct making *m, const struct piece *x, const struct piece *y)
{
	const struct piece *any = y != NULL ? y : x;
	const struct size_change like = {
	    .name = any->part->name,
	    .of = any->unit->name,
	    .section = "?",
	    .version_before = "",
	    .version_after = "",
	};

	return diff_files(m, part_of(x), part_of(y), &like);
}

static enum err
diff_kind(struct making *m, const struct sizes *before,
    const struct sizes *after, enum size_kind kind, pair_fn fn)
{
	struct pieces x = collect(m->a, before, kind),
		      y = collect(m->a, after, kind);
	enum err err = pair(m, &x, &y, fn);

	sort(m->out);
	return err;
}

enum err
size_diff_make(struct arena *a, const struct sizes *before,
    const struct sizes *after, const struct size_diff_options *o,
    struct size_diff *out, struct errinfo *ei)
{
	struct making images = {.a = a, .o = o, .out = &out->images, .ei = ei},
		      packages = {.a = a,
			  .o = o,
			  .out = &out->packages,
			  .ei = ei},
		      sections = {
			  .a = a, .o = o, .out = &out->sections, .ei = ei};
	enum err err;

	*out = (struct size_diff){0};
	err = diff_kind(&images, before, after, SIZE_IMAGE, pair_images);
	if (err == ERR_OK)
		err = diff_kind(
		    &packages, before, after, SIZE_RECIPE, pair_packages);
	if (err == ERR_OK)
		err = diff_kind(
		    &sections, before, after, SIZE_ELF, pair_programs);
	return err;
}
