/*
 * graph.h: any number of builds, of their recipes or of their tasks against
 * any other number, the time, or a dimension; pure but for graph_find.h, which
 * loads the points.
 */
#ifndef MODEL_GRAPH_H
#define MODEL_GRAPH_H

#include "model/build.h"

/* The newest so many points; or, when all are asked for, so many. */
#define GRAPH_POINTS_MAX 2000
#define GRAPH_ALL_MAX 10000
/* Values of a dimension that have a place of their own on the x axis, unless
 * they follow each other, as commits do. */
#define GRAPH_PLACES_MAX 40
/* Groups that have a look of their own; with more of them the last look is that
 * of all others. */
#define GRAPH_LOOKS 6

/* What a point is: a set of bits. */
enum graph_of {
	GRAPH_OF_BUILD = 1,
	GRAPH_OF_PACKAGE = 2, /* a recipe in a build */
	GRAPH_OF_TASK = 4     /* a task of a recipe in a build */
};

enum graph_kind { GRAPH_NONE, GRAPH_TIME, GRAPH_NUMBER, GRAPH_DIMENSION };

enum graph_number {
	GRAPH_METRIC, /* recorded by bitbake, or derived */
	GRAPH_WALL,
	GRAPH_CPU,
	GRAPH_TASKS,
	GRAPH_PACKAGES,
	GRAPH_FAILED,
	GRAPH_PRESSURE,
	GRAPH_SPAN,  /* from the first start to the last end */
	GRAPH_START, /* after the build's start */
	GRAPH_EVENT, /* enum event_count by its name */
	GRAPH_SERIES /* the mean of a sampled log over the build */
};

/* Where the text of a dimension stands. */
enum graph_source {
	GRAPH_ROW, /* a column of the row, called as the dimension */
	GRAPH_STATUS,
	GRAPH_TASK_NAME,
	GRAPH_ENVIRONMENT, /* this and the next: by their part */
	GRAPH_LAYER,
	GRAPH_VARIABLE
};

struct graph_dimension {
	const char *name; /* one that ends in ':' takes a part behind it */
	unsigned of;      /* a set of enum graph_of */
	enum graph_source source;
	bool by_first; /* values follow each other: in the order of builds */
};
/* All there are; ends with one without a name. */
extern const struct graph_dimension graph_dimensions[];

/* Numbers besides metrics; ends with one without a name. */
struct graph_named_number {
	const char *name;
	unsigned of;
	enum graph_number number;
	const char *unit;
};
extern const struct graph_named_number graph_numbers[];

struct graph_axis {
	enum graph_kind kind;
	const char *name; /* as it was given */
	const char *part; /* of a dimension; of a number its name without sum:
			     or max: */
	const char *unit;
	enum graph_number number;
	bool largest; /* of what makes up the point, not the sum */
	const struct graph_dimension *dimension;
	enum series_kind series; /* of GRAPH_SERIES */
	size_t column;
};

/*
 * Reads what was chosen: "time", a dimension ("machine", "layer:meta"), or a
 * number ("elapsed", "io.read_bytes", "max:cputime"), which may be one that
 * nobody has seen.  False for what can't be any of these.  The text is
 * borrowed.
 */
bool graph_axis_read(
    const char *text, enum graph_of of, struct graph_axis *out);

/* False for the name of a dimension or number that only other points have:
 * "recipe" of builds. */
bool graph_axis_fits(const char *text, enum graph_of of);

struct graph_point {
	int build;
	int64_t started; /* the build's */
	const char *name;
	const char *recipe, *version, *task; /* "" of a whole build */
	const char *status;
	double x, y; /* NAN: unknown; of a dimension x isn't used */
	const char *x_text, *group_text;

	/* set by graph_arrange */
	bool counts;
	size_t place, group;
};

/* A value of a dimension that points have. */
struct graph_value {
	const char *name; /* "" where a build didn't tell */
	size_t n;
	size_t first; /* the first of its points */
	double median;
};

struct graph {
	enum graph_of of;
	struct graph_axis x, y, group;
	size_t n; /* oldest first */
	struct graph_point *point;

	/* set by graph_arrange */
	size_t counted, lacks, clock; /* why others don't count: no value, or a
					 start that can't be */
	size_t nplaces, ndrawn;       /* ndrawn: the first places are drawn */
	struct graph_value *place;
	size_t ngroups, nnamed; /* the largest first */
	struct graph_value *group_value;
};

/* Says which points count and gives each its place and its group; one group of
 * all if there is none. */
void graph_arrange(struct arena *a, struct graph *g, int64_t now);

/* Points of one group, of a dimension at one place, summed up. */
struct graph_box {
	size_t place, group, n;
	double least, low, q1, median, q3, high, most; /* low, high: 10th and
							  90th percentile */
};
/* By place, then group; their number. */
size_t graph_boxes(
    struct arena *a, const struct graph *g, struct graph_box **out);

/* The points of a group that count, by x. */
size_t graph_of_group(struct arena *a, const struct graph *g, size_t group,
    const struct graph_point ***out);

/* Spearman's rank correlation of x and y over the points that count, -1 to 1;
 * NAN of fewer than 8, or if one of them doesn't vary. */
double graph_correlation(struct arena *a, const struct graph *g);

#endif
