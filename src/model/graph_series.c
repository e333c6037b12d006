/* graph_series.c: means of sampled logs; see graph_parts.h. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/graph_parts.h"
#include "model/series_block.h"

static double
mean_of(const struct series *s, size_t column)
{
	double sum = 0;

	for (size_t i = 0; i < s->n; i++)
		sum += s->column[column][i];
	return s->n > 0 ? sum / (double)s->n : NAN;
}

/* Of a damaged one nothing; the others are worth showing. */
static double
read_mean(struct arena *a, const struct rows *r, size_t row,
    const struct graph_axis *axis)
{
	struct series s = {
	    .kind = axis->series,
	    .n = (size_t)row_int(r, row, rows_column(r, "samples")),
	};
	const char *subject = row_text(r, row, rows_column(r, "subject"));
	struct errinfo ignored = {0};

	if (axis->series == SERIES_NET && strcmp(subject, "lo") == 0)
		return NAN;
	if (series_block_decode(a, row_bytes(r, row, rows_column(r, "data")),
		&s, &ignored) != ERR_OK ||
	    axis->column >= s.ncolumns)
		return NAN;
	return mean_of(&s, axis->column);
}

static struct graph_point *
point_of(struct graph *g, int build)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->point[i].build == build)
			return &g->point[i];
	return NULL;
}

static enum err
fill(struct db *db, struct arena *a, struct graph *g, bool is_x,
    struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	const struct graph_axis *axis = is_x ? &g->x : &g->y;
	int32_t *id = arena_alloc(a, (g->n + 1) * sizeof(*id));
	enum err err;

	if (axis->kind != GRAPH_NUMBER || axis->number != GRAPH_SERIES)
		return ERR_OK;
	for (size_t i = 0; i < g->n; i++)
		id[i] = g->point[i].build;
	err = STMT_QUERY(db, Q_GRAPH_SERIES, &r, ei, db_int4s(id, g->n),
	    DB_I2((int)axis->series));
	for (size_t i = 0; err == ERR_OK && i < rows_count(r); i++) {
		struct graph_point *p =
		    point_of(g, (int)row_int(r, i, rows_column(r, "build")));
		double *value = is_x ? &p->x : &p->y;
		double both[2] = {*value, *value};
		graph_add(both, read_mean(a, r, i, axis));
		*value = both[axis->series == SERIES_PRESSURE];
	}
	return err;
}

enum err
graph_series(struct db *db, struct arena *a, struct graph *g, bool *dropped,
    struct errinfo *ei)
{
	enum err err;

	*dropped = g->n > GRAPH_BLOCKS_MAX;
	if (*dropped) {
		g->point += g->n - GRAPH_BLOCKS_MAX;
		g->n = GRAPH_BLOCKS_MAX;
	}
	err = fill(db, a, g, true, ei);
	return err == ERR_OK ? fill(db, a, g, false, ei) : err;
}
