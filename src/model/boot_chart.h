/*
 * boot_chart.h: the tasks of a build as bars on a time axis; pure functions.
 *
 * Bars stand in lanes: as few as hold them all without overlap ("threads"), or
 * one each in the order of their starts.  Lanes are rows of height 1 in a box
 * CHART_WIDTH wide; bars of one look are one SVG path, so that twelve thousand
 * of them cost what their text costs.
 */
#ifndef MODEL_BOOT_CHART_H
#define MODEL_BOOT_CHART_H

#include "model/series_chart.h"
#include "model/task_table.h"

/* What a task does, by its name. */
enum task_kind {
	KIND_FETCH,     /* fetch, unpack, patch */
	KIND_CONFIGURE, /* prepare_recipe_sysroot, configure */
	KIND_COMPILE,
	KIND_INSTALL, /* install, populate_sysroot */
	KIND_PACKAGE, /* package, package_qa, packagedata, write_rpm, ... */
	KIND_SETSCENE,
	KIND_IMAGE, /* rootfs, image, image_*, testimage */
	KIND_OTHER,
	KIND__MAX
};
enum task_kind task_kind_of(const char *task);
const char *task_kind_word(enum task_kind kind);

struct boot_bar {
	uint32_t row; /* of the task table */
	uint32_t lane;
	double start, end; /* seconds on the axis; one that was never finished
			      ends where the axis does */
	enum task_kind kind;
};

struct boot_look {
	enum task_kind kind;
	enum task_status status;
	size_t bars;
	const char *path; /* SVG path data */
};

struct boot_chart {
	size_t n;
	struct boot_bar *bar; /* by start */
	uint32_t lanes;
	size_t nlooks;
	struct boot_look *look;
	size_t untimed; /* tasks left out: they have no times */
	double seconds; /* length of the axis */
};

struct boot_options {
	double min;                 /* shortest bar, seconds */
	bool one_a_lane;            /* each bar has a lane of its own */
	const char *package, *task; /* "": any; others are left out */
};

/* Sets b's row, start and end; false if the task has no place on the axis: it
 * tells no time, or one before or behind the build. */
bool boot_bar_place(const struct task_table *t, size_t i,
    const struct chart_span *span, struct boot_bar *b);

/* Path data of a line through some of the bars, numbers of c->bar, along the
 * lower edge of each and on to the next; "" of none. */
const char *boot_chart_line(
    struct arena *a, const struct boot_chart *c, const uint32_t *bar, size_t n);

void boot_chart_make(struct arena *a, const struct task_table *t,
    const struct chart_span *span, const struct boot_options *o,
    struct boot_chart *out);

#endif
