/* layer_line.c: see layer_line.h. */
#include "model/layer_line.h"

#include <string.h>

#include "base/arena.h"

#define LAYERS_MAX 1000
#define NAME_MAX_BYTES 255

/* "branch:rev", the colon being the last one; <unknown> is "". */
static void
read_revision(struct arena *a, struct slice s, struct layer *out)
{
	static const char modified[] = " -- modified";
	struct slice branch, rev;
	size_t colon;

	out->modified = -1;
	if (slice_ends(s, modified)) {
		out->modified = 1;
		s.n -= sizeof(modified) - 1;
	}
	s = slice_trim(s);
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = (struct slice){s.p + 1, s.n - 2};
	for (colon = s.n; colon > 0 && s.p[colon - 1] != ':'; colon--)
		;
	branch = (struct slice){s.p, colon > 0 ? colon - 1 : s.n};
	rev = (struct slice){s.p + colon, colon > 0 ? s.n - colon : 0};
	branch = slice_trim(branch);
	rev = slice_trim(rev);
	if (!slice_is(branch, "<unknown>"))
		out->branch = utf8_scrub(a, branch.p, branch.n);
	if (!slice_is(rev, "<unknown>"))
		out->commit = utf8_scrub(a, rev.p, rev.n);
}

void
layer_line_add(struct layer_list *list, struct slice line)
{
	struct layer l = {"", NULL, NULL, -1};
	struct slice rest = line, name;
	bool has_value = slice_cut(&rest, '=', &name);

	name = slice_trim(name);
	if (list->n == LAYERS_MAX || name.n == 0 || line.n > NAME_MAX_BYTES)
		return;
	l.name = utf8_scrub(list->arena, name.p, name.n);
	if (has_value) {
		l.branch = l.commit = "";
		read_revision(list->arena, slice_trim(rest), &l);
	}
	list->layers = arena_grow(list->arena, list->layers, &list->cap,
	    list->n + 1, sizeof(*list->layers));
	list->layers[list->n++] = l;
}

void
layer_list_finish(struct layer_list *list)
{
	const struct layer none = {"", "", "", -1}, *said = &none;

	for (size_t i = list->n; i-- > 0;) {
		struct layer *l = &list->layers[i];
		if (l->branch != NULL) {
			said = l;
			continue;
		}
		l->branch = said->branch;
		l->commit = said->commit;
		l->modified = said->modified;
	}
}
