/* page_turn.c: see page_turn.h. */
#include "web/page_turn.h"

#include "base/arena.h"
#include "web/page_near.h"
#include "web/page_rows.h"

struct sides {
	struct build_facts good, bad;
};

static void
add_ranges(struct page_context *cx, node n, const struct sides *s)
{
	struct turn_ranges ranges = turn_ranges(cx->arena, &s->good, &s->bad);
	node list = doc_array(n, "ranges");

	doc_int(n, "same", (int64_t)ranges.same);
	for (size_t i = 0; i < ranges.n; i++) {
		const struct turn_range *r = &ranges.range[i];
		node x = doc_object(list, "range");
		doc_text(x, "layer", r->layer);
		doc_text(x, "from", r->from);
		doc_text(x, "to", r->to);
		doc_text(x, "command", r->command);
		doc_bool(x, "modified", r->modified);
	}
}

static void
add_side(struct page_context *cx, node n, const char *name,
    const struct package_result *r)
{
	node side = doc_object(n, name);

	doc_int(side, "build", r->build);
	row_result(cx, side, r);
}

static void
add_turn(struct page_context *cx, node n, const struct turn *t,
    const struct sides *s)
{
	doc_text(n, "machine", t->bad.machine);
	doc_text(n, "distro", t->bad.distro);
	doc_text(n, "branch", t->bad.branch);
	if (t->has_good)
		add_side(cx, n, "good", &t->good);
	else
		doc_null(n, "good");
	add_side(cx, n, "bad", &t->bad);
	if (t->has_good)
		add_ranges(cx, n, s);
}

/* Layers of all builds in one statement. */
static enum err
load_sides(struct page_context *cx, const struct turn *turn, size_t n,
    struct sides *side)
{
	int32_t *build = arena_calloc(cx->arena, 2 * n, sizeof(*build));
	struct build_facts **facts =
	    arena_calloc(cx->arena, 2 * n, sizeof(*facts));
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (!turn[i].has_good)
			continue;
		side[i].good.commit = turn[i].good.commit;
		side[i].bad.commit = turn[i].bad.commit;
		build[k] = turn[i].good.build;
		facts[k++] = &side[i].good;
		build[k] = turn[i].bad.build;
		facts[k++] = &side[i].bad;
	}
	return k > 0 ? near_load_layers(cx, build, facts, k) : ERR_OK;
}

enum err
turn_add(
    struct page_context *cx, node parent, const struct turn *turn, size_t n)
{
	struct sides *side = arena_calloc(cx->arena, n + 1, sizeof(*side));
	enum err err = load_sides(cx, turn, n, side);

	for (size_t i = 0; err == ERR_OK && i < n; i++)
		add_turn(cx, doc_object(parent, "turn"), &turn[i], &side[i]);
	return err;
}
