/* page_rows.c: see page_rows.h. */
#include "web/page_rows.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/failure_code.h"
#include "model/signature.h"
#include "model/status_word.h"

bool
row_for_sheet(const struct page_context *cx)
{
	return cx->form == FORM_HTML || cx->form == FORM_XML ||
	       cx->form == FORM_SVG;
}

bool
row_for_data(const struct page_context *cx)
{
	return cx->form != FORM_HTML;
}

bool
row_is_exact(const struct page_context *cx)
{
	return cx->form == FORM_JSON || cx->form == FORM_XML ||
	       cx->form == FORM_CSV;
}

void
row_build_links(struct page_context *cx, node n, int build)
{
	char *path = page_link(cx, "build/%d", build);

	if (row_for_data(cx))
		doc_text(n, "url", page_absolute(cx, path));
	if (row_for_sheet(cx))
		doc_text(n, "path-url", path);
}

void
row_build(struct page_context *cx, node n, const struct build_row *b)
{
	doc_int(n, "id", b->id);
	row_build_links(cx, n, b->id);
	doc_text(n, "name", b->name);
	doc_text(n, "builder", b->builder);
	doc_text(n, "machine", b->machine);
	doc_text(n, "distro", b->distro);
	doc_text(n, "image", b->image);
	doc_text(n, "branch", b->branch);
	doc_text(n, "commit", b->commit);
	doc_time(n, "started", b->started);
	doc_seconds(n, "elapsed", b->elapsed);
	doc_text(n, "status", build_status_word(b->status));
	doc_count(n, "packages", b->packages);
	doc_count(n, "tasks", b->tasks);
	doc_count(n, "failed", b->failed);
}

const char *
row_url(struct page_context *cx, char *path)
{
	return cx->form == FORM_HTML ? path : page_absolute(cx, path);
}

char *
row_tasks_link(struct page_context *cx, int build, const char *package)
{
	return page_link_query(cx, page_link(cx, "build/%d/tasks", build),
	    "package", package, NULL);
}

void
row_package(struct page_context *cx, node n, const struct build_row *b,
    const struct package_row *p)
{
	doc_text(n, "recipe", p->recipe);
	doc_text(n, "version", p->version);
	doc_text(n, "package", p->pf);
	doc_text(n, "status", build_status_word(p->status));
	doc_text(n, "failed_task",
	    p->failed_task[0] != '\0' ? p->failed_task : NULL);
	doc_time(n, "started", p->started);
	doc_seconds(n, "elapsed", p->elapsed);
	doc_seconds(n, "cputime", p->cputime);
	doc_count(n, "tasks", p->tasks);
	doc_text(n, "url", row_url(cx, page_link(cx, "package/%s", p->recipe)));
	if (row_for_sheet(cx))
		doc_text(n, "tasks-url", row_tasks_link(cx, b->id, p->pf));
}

/* ---- choices ---- */

void
row_option(node options, const char *name, const char *value, bool selected)
{
	node option = doc_object(options, "option");

	doc_text(option, "name", name);
	doc_text(option, "value", value);
	doc_bool(option, "selected", selected);
}

void
row_metric_options(node options, const struct task_table *t, const char *chosen)
{
	for (size_t i = 0; t != NULL && i < t->nmetrics; i++)
		row_option(options, "metric", t->metrics[i],
		    strcmp(t->metrics[i], chosen) == 0);
	if (t == NULL || !task_table_has(t, chosen))
		row_option(options, "metric", chosen, true);
}

enum err
row_values(struct page_context *cx, struct task_table *t, const char *metric,
    const double **value)
{
	struct task_column column;
	double *none;
	enum err err;

	if (task_table_has(t, metric)) {
		err = task_table_column(
		    cx->db, cx->arena, t, metric, &column, cx->ei);
		*value = column.value;
		return err;
	}
	none = arena_alloc(cx->arena, (t->n + 1) * sizeof(*none));
	for (size_t i = 0; i < t->n; i++)
		none[i] = NAN;
	*value = none;
	return ERR_OK;
}

/* ---- failures ---- */

static const char *
kind_word(enum failure_kind kind)
{
	switch (kind) {
	case FAILURE_TASK:
		break;
	case FAILURE_NO_PROVIDER:
		return "provider";
	case FAILURE_PARSE:
		return "parse";
	}
	return "task";
}

char *
row_failure_path(struct page_context *cx, int id)
{
	char code[FAILURE_CODE_MAX];

	return page_link(cx, "f/%s", failure_code(code, id));
}

const char *
row_text_or_null(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

static void
add_failure_links(
    struct page_context *cx, node n, const struct failure_row *f, char *path)
{
	int sig = f->sig[SIGNATURE_LINES - 1];

	if (row_for_data(cx))
		doc_text(n, "url", page_absolute(cx, path));
	if (!row_for_sheet(cx))
		return;
	doc_text(n, "path-url", path);
	doc_text(n, "build-url", page_link(cx, "build/%d", f->build));
	doc_text(n, "signature-url",
	    sig != 0 ? page_link(cx, "signature/%d", sig) : "");
	doc_text(n, "package-url",
	    f->recipe[0] == '\0'
		? ""
		: page_link_query(cx, page_link(cx, "package/%s", f->recipe),
		      "build", arena_printf(cx->arena, "%d", f->build), NULL));
}

static void
add_failure_build(node n, const struct failure_row *f)
{
	doc_int(n, "build", f->build);
	doc_text(n, "recipe", row_text_or_null(f->recipe));
	doc_text(n, "version", row_text_or_null(f->version));
	doc_text(n, "task", row_text_or_null(f->task));
	doc_text(n, "kind", kind_word(f->kind));
	doc_text(n, "machine", f->machine);
	doc_text(n, "distro", f->distro);
	doc_text(n, "builder", f->builder);
	doc_text(n, "image", f->image);
	doc_text(n, "branch", f->branch);
}

void
row_failure(struct page_context *cx, node n, const struct failure_row *f)
{
	char code[FAILURE_CODE_MAX];
	int sig = f->sig[SIGNATURE_LINES - 1];

	doc_text(n, "id", failure_code(code, f->id));
	add_failure_links(cx, n, f, page_link(cx, "f/%s", code));
	add_failure_build(n, f);
	if (sig != 0)
		doc_int(n, "signature", sig);
	else
		doc_null(n, "signature");
	doc_count(n, "similar", f->similar);
	doc_text(n, "first_line", f->first_line);
	doc_time(n, "seen", f->seen);
	doc_bool(n, "known", f->similar > 0);
	doc_bool(n, "log", f->log != 0);
}

static void
add_badge(struct page_context *cx, node n, int64_t similar)
{
	doc_text(n, "badge", similar > 0 ? "known" : "new");
	if (similar == 0)
		doc_text(n, "badge-h", "new");
	else if (similar >= SIMILAR_SHOWN)
		doc_text(n, "badge-h", "known 99+\xc3\x97");
	else
		doc_text(n, "badge-h",
		    arena_printf(
			cx->arena, "known %" PRId64 "\xc3\x97", similar));
}

/* A hundred of them are most of what a page costs: only what is shown. */
void
row_failure_in_table(
    struct page_context *cx, node n, const struct failure_row *f)
{
	if (cx->form != FORM_HTML || f->recipe[0] == '\0' ||
	    f->first_line[0] == '\0' || f->sig[SIGNATURE_LINES - 1] == 0) {
		row_failure(cx, n, f);
		return;
	}
	add_failure_links(cx, n, f, row_failure_path(cx, f->id));
	doc_text(n, "recipe", f->recipe);
	doc_text(n, "task", f->task);
	doc_text(n, "machine", f->machine);
	doc_text(n, "builder", f->builder);
	doc_text(n, "first_line", f->first_line);
	doc_time(n, "seen", f->seen);
	add_badge(cx, n, f->similar);
}

void
row_task(struct page_context *cx, node n, const struct task_table *t,
    uint32_t i, double cputime)
{
	const struct package *p = &t->packages[t->package[i]];

	doc_text(n, "recipe", p->recipe);
	doc_text(n, "version", p->version);
	doc_text(n, "package", p->pf);
	doc_text(n, "task", t->task_names[t->name[i]]);
	doc_int(n, "block", t->block[i]);
	doc_time(n, "started", t->started[i]);
	doc_seconds(n, "elapsed", t->elapsed[i] < 0 ? NAN : t->elapsed[i]);
	doc_seconds(n, "cputime", cputime);
	doc_text(n, "status", task_status_word((enum task_status)t->status[i]));
	if (row_for_sheet(cx))
		doc_text(
		    n, "package-url", page_link(cx, "package/%s", p->recipe));
}

void
row_feed(struct page_context *cx, const struct row_feed *f)
{
	node c = doc_content(cx->doc);

	if (row_for_sheet(cx))
		doc_text(c, "feed-url", page_view(cx, f->feed));
	if (cx->form != FORM_ATOM)
		return;
	doc_text(c, "self", page_absolute(cx, page_view(cx, f->feed)));
	doc_text(c, "html", page_absolute(cx, page_view(cx, f->page)));
	doc_time(
	    c, "updated", f->updated != TIME_UNKNOWN ? f->updated : cx->now);
}

void
row_width(struct page_context *cx, node n, double value, double longest)
{
	double share = longest > 0 && value > 0 ? value / longest : 0;

	if (row_for_sheet(cx))
		doc_int(n, "width", lround(fmin(share, 1) * 1000));
}

enum err
row_order(struct page_context *cx, const char *const *keys,
    const char *fallback, struct list_order *out)
{
	const char *sort =
	    param_given(cx, P_SORT) ? param_text(cx, P_SORT) : fallback;
	struct paging paging = page_paging(cx);
	struct buf known = BUF_INIT;
	enum err err;

	*out = (struct list_order){sort + (sort[0] == '-'), sort[0] == '-',
	    paging.offset, paging.limit};
	for (size_t i = 0; keys[i] != NULL; i++) {
		if (strcmp(keys[i], out->key) == 0) {
			buf_clear(&known);
			return ERR_OK;
		}
		buf_addf(&known, "%s%s", i == 0 ? "" : ", ", keys[i]);
	}
	err = err_set(cx->ei, ERR_INPUT,
	    "The parameter sort takes %s, each with - in front for the other "
	    "direction, not \"%.60s\".",
	    known.data, sort);
	buf_clear(&known);
	return err;
}

void
row_table(
    struct page_context *cx, const char *array, int64_t total, int64_t cap)
{
	bool capped = cap > 0 && total > cap;

	page_table(cx, array, capped ? cap : total);
	if (capped)
		doc_bool(doc_content(cx->doc), "capped", true);
}

unsigned
row_statuses(struct page_context *cx)
{
	const char **words;
	size_t n = param_texts(cx, P_STATUS, &words);
	unsigned set = 0;

	for (size_t i = 0; i < n; i++) {
		enum build_status status;
		if (build_status_parse(words[i], &status))
			set |= 1U << status;
	}
	return set;
}

const char *
row_task_name(struct page_context *cx)
{
	const char *task = param_text(cx, P_TASK);

	if (task[0] == '\0' || strncmp(task, "do_", 3) == 0)
		return task;
	return arena_printf(cx->arena, "do_%s", task);
}

void
row_filter(struct page_context *cx, struct build_filter *f)
{
	const char **tags;
	unsigned statuses = row_statuses(cx);

	*f = (struct build_filter){
	    .builder = param_text(cx, P_BUILDER),
	    .machine = param_text(cx, P_MACHINE),
	    .distro = param_text(cx, P_DISTRO),
	    .image = param_text(cx, P_IMAGE),
	    .branch = param_text(cx, P_BRANCH),
	    .layer = param_text(cx, P_LAYER),
	    .commit = param_text(cx, P_COMMIT),
	    .package = param_text(cx, P_PACKAGE),
	    .task = row_task_name(cx),
	    .q = param_text(cx, P_Q),
	    .since = param_time(cx, P_SINCE),
	    .until = param_time(cx, P_UNTIL),
	    .exact = row_is_exact(cx),
	};
	f->ntags = param_texts(cx, P_TAG, &tags);
	f->tags = tags;
	for (int i = 0; i < 4; i++)
		if (statuses & 1U << i)
			f->statuses[f->nstatuses++] = (enum build_status)i;
}

void
row_sentence(struct page_context *cx, struct buf *b)
{
	page_sentence(cx, "%s", b->data != NULL ? b->data : "");
	buf_clear(b);
}

enum err
row_find_build(struct page_context *cx, struct build_info *out)
{
	return build_find(cx->db, cx->arena, cx->id, out, cx->ei);
}
