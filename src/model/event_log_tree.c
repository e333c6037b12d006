/* event_log_tree.c: what waits for what, as bitbake says before it builds; see
 * event_log.h. */
#include "base/arena.h"
#include "model/event_log_parts.h"

/* {"zlib.do_compile": ["zlib.do_configure", ...], ...} */
void
event_log_tree_read(struct event_log *e, const struct pickle *event)
{
	const struct pickle *tree =
	    pickle_get(pickle_get(event, "_depgraph"), "tdepends");

	if (tree == NULL || tree->kind != PICKLE_DICT || !e->o.tree)
		return;
	/* The last one is of the targets that are built. */
	depends_reader_free(e->tree_reader);
	e->tree_reader = depends_reader_new(DEPENDS_TASKS);
	for (size_t i = 0; i + 1 < tree->list.n; i += 2) {
		const struct pickle *needs = tree->list.item[i + 1];
		struct slice task = pickle_text(tree->list.item[i]);
		depends_reader_name(e->tree_reader, task);
		for (size_t k = 0; k < pickle_count(needs); k++)
			depends_reader_edge(e->tree_reader, task,
			    pickle_text(pickle_item(needs, k)));
	}
	depends_reader_whole(e->tree_reader);
}

const struct depends_file *
event_log_tree(struct event_log *e)
{
	if (e->tree_reader != NULL)
		depends_reader_end(e->tree_reader, e->a, &e->tree);
	e->tree_reader = NULL;
	return e->tree.text.name != NULL ? &e->tree : NULL;
}
