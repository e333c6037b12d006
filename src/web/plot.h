/*
 * plot.h: a chart of points, lines, bands and bars over two axes, as every page
 * that compares things or follows them over time draws it: geometry and words
 * into the document (docs/pages.md, Plots), xsl/lib/plot.xsl makes the picture.
 */
#ifndef WEB_PLOT_H
#define WEB_PLOT_H

#include "web/page.h"

enum plot_scale {
	PLOT_LINEAR,
	PLOT_LOG,      /* values that aren't above 0 are left out */
	PLOT_CALENDAR, /* µs since 1970, UTC */
	PLOT_ORDER     /* places 0, 1, ... that have names */
};

struct plot_axis {
	enum plot_scale scale;
	const char *label; /* "CPU time", said beside the axis */
	const char *unit;  /* as doc_measure takes it: "s", "B", "" */
	double min, max;   /* NAN: what the data needs, rounded */
	bool from_zero;
	size_t nplaces; /* of PLOT_ORDER, as the next */
	const char *const *places;
};

enum plot_kind {
	PLOT_POINTS,
	PLOT_LINE,  /* a NAN breaks it */
	PLOT_STEPS, /* a line that stays level until the next point */
	PLOT_BAND,  /* between y and low */
	PLOT_BARS,  /* from x to `to`, from the bottom to y */
	PLOT_BOXES  /* from x to `to`, from low to y, with a line at middle */
};

struct plot_point {
	double x, y;
	double low, to; /* these: see enum plot_kind */
	double middle;
	const char *text; /* said on hover; NULL: the values */
	const char *url;  /* where it leads, or NULL */
};

/* Series of the same look share colour and form; 1 to 6. */
struct plot_series {
	const char *name;
	enum plot_kind kind;
	unsigned look;
	size_t n;
	const struct plot_point *point;
};

/* Something that happened at one x: a step, a release. */
struct plot_event {
	double x;
	const char *label, *url;
	bool worse; /* marked as trouble */
};

struct plot {
	const char *title; /* what a reader who can't see it should know */
	struct plot_axis x, y;
	size_t nseries;
	const struct plot_series *series;
	size_t nevents;
	const struct plot_event *event;
};

/* Up to here each point is an element of its own with its words and link;
 * beyond, points are one path, or where several series are to be told apart
 * bare forms, and what they say stands in the table. */
#define PLOT_MARKS_MAX 400

/* Adds <plot> to parent; it is for sheets alone. */
void plot_add(struct page_context *cx, node parent, const struct plot *p);

#endif
