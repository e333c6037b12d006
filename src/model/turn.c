/* turn.c: see turn.h. */
#include "model/turn.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

/* ---- in results that are there ---- */

static bool
is_target(const struct package_result *x, const struct package_result *y)
{
	return strcmp(x->machine, y->machine) == 0 &&
	       strcmp(x->distro, y->distro) == 0;
}

static bool
is_branch(const struct package_result *x, const struct package_result *y)
{
	return is_target(x, y) && strcmp(x->branch, y->branch) == 0;
}

typedef bool (*is_fn)(
    const struct package_result *x, const struct package_result *y);

/* The first success behind a failure, n if there is none. */
static size_t
find_good(const struct package_result *row, size_t n, size_t latest, is_fn is)
{
	for (size_t i = latest + 1; i < n; i++)
		if (row[i].status == BUILD_SUCCEEDED &&
		    is(&row[i], &row[latest]))
			return i;
	return n;
}

struct turn
turn_in(const struct package_result *row, size_t n, size_t latest)
{
	size_t good = find_good(row, n, latest, is_branch), bad = latest;

	if (good == n)
		good = find_good(row, n, latest, is_target);
	for (size_t i = latest; i < good; i++)
		if (row[i].status == BUILD_FAILED &&
		    is_branch(&row[i], &row[latest]))
			bad = i;
	return (struct turn){
	    .has_good = good < n,
	    .good = good < n ? row[good] : (struct package_result){0},
	    .bad = row[bad],
	};
}

/* ---- in the database ---- */

static enum err
find_bad(struct db *db, struct arena *a, int recipe,
    const struct package_result *failed, struct turn *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct package_results found;
	int64_t since = out->has_good ? out->good.started : 0;
	enum err err = STMT_QUERY(db, Q_TURN_BAD, &r, ei, DB_I4(recipe),
	    DB_TM(since), DB_TM(failed->started), db_text(failed->machine),
	    db_text(failed->distro), db_text(failed->branch));

	if (err != ERR_OK)
		return err;
	package_results_read(&found, r, a);
	if (found.n > 0)
		out->bad = found.row[0];
	return ERR_OK;
}

enum err
turn_find(struct db *db, struct arena *a, int recipe,
    const struct package_result *failed, struct turn *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	struct package_results found;
	enum err err = STMT_QUERY(db, Q_TURN_GOOD, &r, ei, DB_I4(recipe),
	    DB_TM(failed->started), db_text(failed->machine),
	    db_text(failed->distro), db_text(failed->branch));

	*out = (struct turn){.bad = *failed};
	if (err != ERR_OK)
		return err;
	package_results_read(&found, r, a);
	if (found.n > 0) {
		out->has_good = true;
		out->good = found.row[0];
	}
	return find_bad(db, a, recipe, failed, out, ei);
}

enum err
turn_find_bad(struct db *db, struct arena *a, int recipe,
    const struct package_result *failed, struct turn *out, struct errinfo *ei)
{
	*out = (struct turn){.bad = *failed};
	return find_bad(db, a, recipe, failed, out, ei);
}

/* ---- revisions ---- */

static bool
is_revision(const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;

	return n >= 7 && n <= 64 && strspn(text, "0123456789abcdefABCDEF") == n;
}

/* One of them may be written shorter. */
static bool
is_same_revision(const char *x, const char *y)
{
	size_t n = strlen(x) < strlen(y) ? strlen(x) : strlen(y);

	return strncasecmp(x, y, n) == 0;
}

static void
add_range(struct arena *a, struct turn_ranges *out, const struct layer *good,
    const struct layer *bad)
{
	if (!is_revision(good->commit) || !is_revision(bad->commit))
		return;
	if (is_same_revision(good->commit, bad->commit)) {
		out->same++;
		return;
	}
	out->range[out->n++] = (struct turn_range){
	    .layer = bad->name,
	    .from = good->commit,
	    .to = bad->commit,
	    .command = arena_printf(
		a, "git log --oneline %s..%s", good->commit, bad->commit),
	    .modified = bad->modified == 1,
	};
}

static const struct layer *
layer_named(const struct build_facts *b, const char *name)
{
	for (size_t i = 0; i < b->nlayers; i++)
		if (strcmp(b->layers[i].name, name) == 0)
			return &b->layers[i];
	return NULL;
}

struct turn_ranges
turn_ranges(struct arena *a, const struct build_facts *good,
    const struct build_facts *bad)
{
	struct turn_ranges out = {
	    .range = arena_calloc(a, bad->nlayers + 1, sizeof(*out.range)),
	};

	for (size_t i = 0; i < bad->nlayers; i++) {
		const struct layer *l = layer_named(good, bad->layers[i].name);
		if (l != NULL)
			add_range(a, &out, l, &bad->layers[i]);
	}
	if (out.n == 0 && out.same == 0) {
		const struct layer x = {"oe-core", "", good->commit, -1};
		const struct layer y = {"oe-core", "", bad->commit, -1};
		add_range(a, &out, &x, &y);
	}
	return out;
}
