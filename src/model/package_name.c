/* package_name.c: see package_name.h. */
#include "model/package_name.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"

/* A name is cut before digits most of the time, but need not be. */
#define CUTS_MAX 24

enum err
package_name_find(struct db *db, struct arena *a, const char *text,
    struct package_name *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const char *recipe[CUTS_MAX], *version[CUTS_MAX];
	size_t n = 1;
	enum err err;

	*out = (struct package_name){.version = -1};
	recipe[0] = text;
	version[0] = NULL;
	for (const char *at = strchr(text, '-'); at != NULL && n < CUTS_MAX;
	     at = strchr(at + 1, '-'), n++) {
		recipe[n] = arena_strndup(a, text, (size_t)(at - text));
		version[n] = at + 1;
	}
	err = STMT_QUERY(db, Q_PACKAGE_NAME_FIND, &r, ei, db_texts(recipe, n),
	    db_texts(version, n));
	if (err != ERR_OK || rows_count(r) == 0)
		return err;
	out->found = true;
	out->recipe = (int)row_int(r, 0, rows_column(r, "recipe"));
	if (!row_is_null(r, 0, rows_column(r, "version")))
		out->version = (int)row_int(r, 0, rows_column(r, "version"));
	out->recipe_name =
	    arena_strdup(a, row_text(r, 0, rows_column(r, "recipe_name")));
	out->version_name =
	    arena_strdup(a, row_text(r, 0, rows_column(r, "version_name")));
	return ERR_OK;
}
