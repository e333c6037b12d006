/* depends_list.c: the texts that depends.c makes, read back; see depends.h. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/depends.h"
#include "model/intern.h"
#include "model/pf.h"

struct listing {
	struct arena *a;
	struct depends_edge *edge;
	size_t n, cap;
};

static void
add_edge(struct listing *l, struct depends_edge edge)
{
	l->edge =
	    arena_grow(l->a, l->edge, &l->cap, l->n + 1, sizeof(*l->edge));
	l->edge[l->n++] = edge;
}

/* A number and what stands behind it; false if there is none below limit. */
static bool
take_number(const char **p, const char *end, size_t limit, uint32_t *out)
{
	const char *at = *p;
	uint64_t v = 0;

	for (; at < end && *at >= '0' && *at <= '9' && v < limit; at++)
		v = 10 * v + (uint64_t)(*at - '0');
	if (at == *p || v >= limit)
		return false;
	*p = at;
	*out = (uint32_t)v;
	return true;
}

/* A blank stands before each `to`: so many edges there are at most. */
static void
make_room(struct listing *l, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		l->cap += s.p[i] == ' ';
	l->edge = arena_alloc(l->a, (l->cap + 1) * sizeof(*l->edge));
}

static bool
read_edges(struct listing *l, struct slice s, size_t nnames)
{
	const char *p = s.p, *end = s.p + s.n;

	make_room(l, s);
	while (p < end) {
		struct depends_edge edge = {0};
		if (!take_number(&p, end, nnames, &edge.from))
			return false;
		for (; p < end && *p == ' '; add_edge(l, edge)) {
			p++;
			edge.runtime = p < end && *p == 'r';
			p += edge.runtime;
			if (!take_number(&p, end, nnames, &edge.to))
				return false;
		}
		if (p < end && *p++ != '\n')
			return false;
	}
	return true;
}

static size_t
read_names(struct arena *a, struct slice s, const struct slice **out)
{
	struct slice *name = NULL, line;
	size_t n = 0, cap = 0;

	while (slice_line(&s, &line)) {
		name = arena_grow(a, name, &cap, n + 1, sizeof(*name));
		name[n++] = line;
	}
	*out = name;
	return n;
}

enum err
depends_read(struct arena *a, enum depends_kind kind, struct slice text,
    struct depends_list *out, struct errinfo *ei)
{
	struct listing l = {.a = a};
	const char *gap = text.n > 0 ? memmem(text.p, text.n, "\n\n", 2) : NULL;
	struct slice edges, names;

	*out = (struct depends_list){.kind = kind};
	if (gap == NULL)
		return err_set(
		    ei, ERR_INTERNAL, "The kept dependencies are damaged.");
	edges = (struct slice){text.p, (size_t)(gap - text.p)};
	names = (struct slice){gap + 2, text.n - edges.n - 2};
	out->nnames = read_names(a, names, &out->name);
	if (!read_edges(&l, edges, out->nnames))
		return err_set(
		    ei, ERR_INTERNAL, "The kept dependencies are damaged.");
	out->nedges = l.n;
	out->edge = l.edge;
	return ERR_OK;
}

/* ---- and written again ---- */

const char *
depends_file_name(enum depends_kind kind)
{
	return kind == DEPENDS_TASKS ? "task-depends.dot" : "pn-depends.dot";
}

bool
depends_is_text(const char *name, enum depends_kind *kind)
{
	*kind = strcmp(name, DEPENDS_TASKS_TEXT) == 0 ? DEPENDS_TASKS
						      : DEPENDS_RECIPES;
	return *kind == DEPENDS_TASKS ||
	       strcmp(name, DEPENDS_RECIPES_TEXT) == 0;
}

static void
write_name(struct buf *out, struct slice name)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, name.p[i]);
	}
	buf_addc(out, '"');
}

/* The edges of one name that follow one another are one line. */
void
depends_write(struct buf *out, const struct depends_list *list)
{
	const struct depends_edge *x = list->edge, *end = x + list->nedges;

	buf_adds(out, "digraph depends {\n");
	for (size_t i = 0; i < list->nnames; i++) {
		write_name(out, list->name[i]);
		buf_addc(out, '\n');
	}
	while (x < end) {
		const struct depends_edge *first = x;
		write_name(out, list->name[x->from]);
		buf_adds(out, " -> {");
		do {
			write_name(out, list->name[x->to]);
			x++;
		} while (x < end && x->from == first->from &&
			 x->runtime == first->runtime);
		buf_adds(out, first->runtime ? "} [style=dashed]\n" : "}\n");
	}
	buf_adds(out, "}\n");
}

/* ---- what clients told ---- */

static bool
take_word(struct slice *rest, struct slice *word)
{
	*rest = slice_trim(*rest);
	return rest->n > 0 && (slice_cut(rest, ' ', word), word->n > 0);
}

void
depends_read_told(struct arena *a, struct slice text, struct depends_list *out)
{
	struct listing l = {.a = a};
	struct intern names;
	struct slice line, pf, recipe, version, word;
	bool is_new;

	intern_init(&names, a);
	while (slice_line(&text, &line)) {
		struct depends_edge edge = {0};
		if (!slice_cut(&line, ':', &pf))
			continue;
		if (!pf_split(pf, &recipe, &version))
			recipe = pf;
		edge.from = intern_add(&names, recipe, &is_new);
		while (take_word(&line, &word)) {
			edge.to = intern_add(&names, word, &is_new);
			add_edge(&l, edge);
		}
	}
	*out = (struct depends_list){.kind = DEPENDS_RECIPES,
	    .nnames = names.n,
	    .name = names.texts,
	    .nedges = l.n,
	    .edge = l.edge};
}
