/* boot_chart.c: see boot_chart.h. */
#include "model/boot_chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define US 1e6
#define THIN 0.6  /* the least width of a bar, so that none vanishes */
#define FULL 0.84 /* of a lane's height */

/* ---- kinds ---- */

enum task_kind
task_kind_of(const char *task)
{
	/* A whole name, or how it begins where it ends in '*'. */
	static const struct {
		const char *name;
		enum task_kind kind;
	} names[] = {{"do_fetch", KIND_FETCH}, {"do_unpack*", KIND_FETCH},
	    {"do_patch", KIND_FETCH}, {"do_kernel_checkout", KIND_FETCH},
	    {"do_kernel_metadata", KIND_FETCH},
	    {"do_symlink_kernsrc", KIND_FETCH},
	    {"do_prepare_recipe_sysroot", KIND_CONFIGURE},
	    {"do_configure*", KIND_CONFIGURE},
	    {"do_generate_toolchain_file", KIND_CONFIGURE},
	    {"do_write_config", KIND_CONFIGURE},
	    {"do_kernel_configme", KIND_CONFIGURE},
	    {"do_compile*", KIND_COMPILE}, {"do_sizecheck", KIND_COMPILE},
	    {"do_strip", KIND_COMPILE}, {"do_bundle_initramfs", KIND_IMAGE},
	    {"do_install*", KIND_INSTALL},
	    {"do_populate_sysroot", KIND_INSTALL},
	    {"do_shared_workdir", KIND_INSTALL}, {"do_deploy", KIND_INSTALL},
	    {"do_package*", KIND_PACKAGE}, {"do_create_spdx*", KIND_PACKAGE},
	    {"do_create_package_spdx*", KIND_PACKAGE},
	    {"do_populate_lic*", KIND_PACKAGE}, {"do_rootfs*", KIND_IMAGE},
	    {"do_image*", KIND_IMAGE}, {"do_populate_sdk*", KIND_IMAGE},
	    {"do_testimage*", KIND_IMAGE}, {"do_testsdk*", KIND_IMAGE},
	    {"do_flush_pseudodb", KIND_IMAGE},
	    {"do_write_qemuboot_conf", KIND_IMAGE}};
	struct slice s = slice_of(task);

	if (slice_ends(s, "_setscene"))
		return KIND_SETSCENE;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i].name);
		bool open = names[i].name[n - 1] == '*';
		if (open ? strncmp(task, names[i].name, n - 1) == 0
			 : strcmp(task, names[i].name) == 0)
			return names[i].kind;
	}
	return KIND_OTHER;
}

const char *
task_kind_word(enum task_kind kind)
{
	static const char *const words[KIND__MAX] = {[KIND_FETCH] = "fetch",
	    [KIND_CONFIGURE] = "configure",
	    [KIND_COMPILE] = "compile",
	    [KIND_INSTALL] = "install",
	    [KIND_PACKAGE] = "package",
	    [KIND_SETSCENE] = "setscene",
	    [KIND_IMAGE] = "image",
	    [KIND_OTHER] = "other"};

	return words[kind];
}

/* ---- which bars ---- */

static bool
is_asked(const struct task_table *t, size_t i, const struct boot_options *o)
{
	const struct package *p = &t->packages[t->package[i]];

	if (o->task[0] != '\0' &&
	    strcmp(t->task_names[t->name[i]], o->task) != 0)
		return false;
	return o->package[0] == '\0' || strcmp(p->recipe, o->package) == 0 ||
	       strcmp(p->pf, o->package) == 0;
}

bool
boot_bar_place(const struct task_table *t, size_t i,
    const struct chart_span *span, struct boot_bar *b)
{
	double end = (double)(span->end - span->start) / US;

	if (t->started[i] == TIME_UNKNOWN)
		return false;
	b->row = (uint32_t)i;
	b->start = (double)(t->started[i] - span->start) / US;
	b->end = t->elapsed[i] >= 0 ? b->start + t->elapsed[i] : end;
	if (!(b->start < end) || !(b->end >= 0) || b->end < b->start)
		return false;
	if (b->start < 0)
		b->start = 0;
	if (b->end > end)
		b->end = end;
	return true;
}

static int
by_start(const void *x, const void *y)
{
	const struct boot_bar *a = x, *b = y;

	if (a->start < b->start || a->start > b->start)
		return a->start < b->start ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static void
collect(struct arena *a, const struct task_table *t,
    const struct chart_span *span, const struct boot_options *o,
    struct boot_chart *out)
{
	uint8_t *kind = arena_calloc(a, t->ntask_names + 1, 1);

	for (size_t i = 0; i < t->ntask_names; i++)
		kind[i] = (uint8_t)task_kind_of(t->task_names[i]);
	out->bar = arena_alloc(a, (t->n + 1) * sizeof(*out->bar));
	for (size_t i = 0; i < t->n; i++) {
		struct boot_bar *b = &out->bar[out->n];
		if (!is_asked(t, i, o))
			continue;
		if (!boot_bar_place(t, i, span, b)) {
			out->untimed++;
			continue;
		}
		b->kind = (enum task_kind)kind[t->name[i]];
		if (b->end - b->start >= o->min)
			out->n++;
	}
	qsort(out->bar, out->n, sizeof(*out->bar), by_start);
}

/* ---- lanes ---- */

/* The lanes that are free, lowest first, and those that aren't, the one that
 * is free soonest first: two heaps. */
struct lanes {
	double *end; /* of the bar in a lane */
	uint32_t *busy, *free;
	size_t nbusy, nfree, n;
};

static bool
before(const struct lanes *l, bool busy, uint32_t x, uint32_t y)
{
	return busy ? l->end[x] < l->end[y] : x < y;
}

static void
push(struct lanes *l, bool busy, uint32_t lane)
{
	uint32_t *h = busy ? l->busy : l->free;
	size_t i = busy ? l->nbusy++ : l->nfree++;

	for (; i > 0 && before(l, busy, lane, h[(i - 1) / 2]); i = (i - 1) / 2)
		h[i] = h[(i - 1) / 2];
	h[i] = lane;
}

static uint32_t
pop(struct lanes *l, bool busy)
{
	uint32_t *h = busy ? l->busy : l->free, top = h[0], last;
	size_t n = busy ? --l->nbusy : --l->nfree, i = 0, k;

	last = h[n];
	for (; (k = 2 * i + 1) < n; i = k) {
		if (k + 1 < n && before(l, busy, h[k + 1], h[k]))
			k++;
		if (!before(l, busy, h[k], last))
			break;
		h[i] = h[k];
	}
	h[i] = last;
	return top;
}

static void
pack(struct arena *a, struct boot_chart *c)
{
	struct lanes l = {.end = arena_alloc(a, (c->n + 1) * sizeof(double)),
	    .busy = arena_alloc(a, (c->n + 1) * sizeof(uint32_t)),
	    .free = arena_alloc(a, (c->n + 1) * sizeof(uint32_t))};

	for (size_t i = 0; i < c->n; i++) {
		struct boot_bar *b = &c->bar[i];
		while (l.nbusy > 0 && l.end[l.busy[0]] <= b->start)
			push(&l, false, pop(&l, true));
		b->lane = l.nfree > 0 ? pop(&l, false) : (uint32_t)l.n++;
		l.end[b->lane] = b->end;
		push(&l, true, b->lane);
	}
	c->lanes = (uint32_t)l.n;
}

/* ---- paths ---- */

/* Two decimals; several times faster than printf, and there are many. */
static void
add_number(struct buf *d, char before, double v)
{
	char text[24], *p = text + sizeof(text);
	uint64_t n = (uint64_t)(v * 100 + 0.5);

	for (int i = 0; i < 3 || n > 0; i++, n /= 10) {
		*--p = (char)('0' + n % 10);
		if (i == 1)
			*--p = '.';
	}
	*--p = before;
	buf_add(d, p, (size_t)(text + sizeof(text) - p));
}

static void
add_bar(struct buf *d, const struct boot_bar *b, double seconds)
{
	double x = b->start / seconds * CHART_WIDTH;
	double w = (b->end - b->start) / seconds * CHART_WIDTH;

	if (w < THIN)
		w = THIN;
	add_number(d, 'M', x);
	add_number(d, ',', b->lane + (1 - FULL) / 2);
	add_number(d, 'h', w);
	add_number(d, 'v', FULL);
	add_number(d, 'H', x);
	buf_addc(d, 'z');
}

const char *
boot_chart_line(
    struct arena *a, const struct boot_chart *c, const uint32_t *bar, size_t n)
{
	struct buf d = BUF_INIT;
	const char *path;

	for (size_t i = 0; i < n; i++) {
		const struct boot_bar *b = &c->bar[bar[i]];
		double x = b->start / c->seconds * CHART_WIDTH;
		double end = b->end / c->seconds * CHART_WIDTH;
		add_number(&d, i == 0 ? 'M' : 'L', x);
		add_number(&d, ',', b->lane + (1 + FULL) / 2);
		add_number(&d, 'H', end - x < THIN ? x + THIN : end);
	}
	path = arena_strdup(a, d.data != NULL ? d.data : "");
	buf_clear(&d);
	return path;
}

static void
draw(struct arena *a, const struct task_table *t, struct boot_chart *c)
{
	enum { STATUSES = TASK_UNFINISHED + 1 };
	struct buf d[KIND__MAX][STATUSES] = {0};
	size_t count[KIND__MAX][STATUSES] = {0};

	for (size_t i = 0; i < c->n; i++) {
		const struct boot_bar *b = &c->bar[i];
		uint8_t status = t->status[b->row];
		if (status >= STATUSES)
			continue;
		add_bar(&d[b->kind][status], b, c->seconds);
		count[b->kind][status]++;
	}
	c->look = arena_calloc(a, KIND__MAX * STATUSES, sizeof(*c->look));
	for (size_t k = 0; k < KIND__MAX; k++)
		for (size_t s = 0; s < STATUSES; s++) {
			if (count[k][s] > 0)
				c->look[c->nlooks++] = (struct boot_look){
				    (enum task_kind)k, (enum task_status)s,
				    count[k][s], arena_strdup(a, d[k][s].data)};
			buf_clear(&d[k][s]);
		}
}

void
boot_chart_make(struct arena *a, const struct task_table *t,
    const struct chart_span *span, const struct boot_options *o,
    struct boot_chart *out)
{
	*out = (struct boot_chart){
	    .seconds = (double)(span->end - span->start) / US};
	if (!(out->seconds > 0))
		return;
	collect(a, t, span, o, out);
	if (o->one_a_lane) {
		for (size_t i = 0; i < out->n; i++)
			out->bar[i].lane = (uint32_t)i;
		out->lanes = (uint32_t)out->n;
	} else {
		pack(a, out);
	}
	draw(a, t, out);
}
