/* page_failure_near.c: who builds what failed, and when it turned. */
#include "base/arena.h"
#include "web/page_failure.h"
#include "web/page_near.h"
#include "web/page_rows.h"
#include "web/page_turn.h"

/* The failed build as a result of its recipe; a parse error left none. */
static struct package_result
own_result(const struct failure_view *v)
{
	const struct build_row *b = &v->build.row;

	return (struct package_result){
	    .build = b->id,
	    .name = b->name,
	    .builder = b->builder,
	    .machine = b->machine,
	    .distro = b->distro,
	    .image = b->image,
	    .branch = b->branch,
	    .commit = b->commit,
	    .version = v->row.version,
	    .failed_task = v->row.task,
	    .host_distro = v->build.host_distro,
	    .bitbake_version = v->build.bitbake_version,
	    .status = BUILD_FAILED,
	    .started = b->started,
	    .elapsed = b->elapsed,
	    .cputime = b->elapsed,
	};
}

static enum err
add_turn(
    struct page_context *cx, const struct failure_view *v, bool none_succeeded)
{
	struct package_result failed = own_result(v);
	struct turn turn;
	enum err err = (none_succeeded ? turn_find_bad : turn_find)(
	    cx->db, cx->arena, v->more.recipe, &failed, &turn, cx->ei);

	if (err != ERR_OK)
		return err;
	return turn_add(cx, doc_content(cx->doc), &turn, 1);
}

enum err
failure_add_near(struct page_context *cx, const struct failure_view *v)
{
	struct package_results window;
	struct near_found found = {0};
	const struct near_asked asked = {
	    .here = &v->build,
	    .version = v->row.version,
	    .recipe = v->more.recipe,
	    .window = &window,
	};
	enum err err;

	if (v->more.recipe == 0) {
		doc_array(doc_content(cx->doc), "successes");
		return ERR_OK;
	}
	err =
	    package_window(cx->db, cx->arena, v->more.recipe, &window, cx->ei);
	if (err == ERR_OK)
		err = near_add_successes(cx, &asked, &found);
	if (err == ERR_OK && found.n > 0)
		err = failure_add_beside(cx, v, &found);
	return err == ERR_OK ? add_turn(cx, v, window.none_succeeded) : err;
}
