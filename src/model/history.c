/* history.c: see history.h. */
#include "model/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "model/intern.h"
#include "model/scope.h"

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);

/* More than any distribution has. */
#define PACKAGES_MAX 400000
#define PROGRAM_LINES_MAX 2000000
#define SEPARATOR '\n'

/* A package of a recipe, or in an image. */
struct item {
	uint32_t owner; /* number in units */
	struct size_part part;
};

struct section {
	uint32_t package, path, name; /* numbers in words */
	uint64_t bytes;
};

/* What recipes and images are made of, by their names. */
struct unit {
	enum size_kind kind;
	const char *name, *recipe;
	int64_t bytes;
	size_t nitems;
};

struct history {
	struct history *next;
	struct slice dir;
	struct intern unit_names, item_names, words;
	struct unit *unit;
	struct item *item;
	struct section *section;
	size_t unit_cap, item_cap, section_cap, nsections;
	struct history_commit commit;
	size_t broken, left_out;
	bool used;
};

struct histories {
	struct arena *a;
	size_t most;
	struct history *first, **end;
};

struct histories *
histories_new(size_t most)
{
	struct histories *h = must(calloc(1, sizeof(*h)));

	h->a = arena_new(0);
	h->most = most;
	h->end = &h->first;
	return h;
}

void
histories_free(struct histories *h)
{
	if (h == NULL)
		return;
	arena_free(h->a);
	free(h);
}

size_t
histories_memory(const struct histories *h)
{
	return arena_used(h->a);
}

/* ---- reading ---- */

static struct history *
history_of(struct histories *h, struct slice dir)
{
	struct history *one;

	for (one = h->first; one != NULL; one = one->next)
		if (one->dir.n == dir.n &&
		    (dir.n == 0 || memcmp(one->dir.p, dir.p, dir.n) == 0))
			return one;
	one = arena_zalloc(h->a, sizeof(*one));
	one->dir.p = arena_strndup(h->a, dir.n > 0 ? dir.p : "", dir.n);
	one->dir.n = dir.n;
	one->commit = (struct history_commit){"", "", "", "", TIME_UNKNOWN, -1};
	intern_init(&one->unit_names, h->a);
	intern_init(&one->item_names, h->a);
	intern_init(&one->words, h->a);
	*h->end = one;
	h->end = &one->next;
	return one;
}

static char *
clean(struct histories *h, struct slice s)
{
	return utf8_scrub(h->a, s.p, s.n);
}

/* ARCH/PN, MACHINE_ARCH/TCLIBC/IMAGE */
static uint32_t
unit_of(struct histories *h, struct history *one, enum size_kind kind,
    const struct slice part[3])
{
	char *name = kind == SIZE_RECIPE
			 ? arena_printf(h->a, "%s/%s", clean(h, part[0]),
			       clean(h, part[1]))
			 : arena_printf(h->a, "%s/%s/%s", clean(h, part[0]),
			       clean(h, part[1]), clean(h, part[2]));
	bool is_new;
	uint32_t at = intern_add(&one->unit_names,
	    slice_of(arena_printf(h->a, "%d%s", (int)kind, name)), &is_new);

	if (!is_new)
		return at;
	one->unit = arena_grow(
	    h->a, one->unit, &one->unit_cap, at + 1, sizeof(*one->unit));
	one->unit[at] = (struct unit){
	    kind, name, kind == SIZE_RECIPE ? clean(h, part[1]) : "", -1, 0};
	return at;
}

static struct size_part *
part_of(
    struct histories *h, struct history *one, uint32_t unit, struct slice name)
{
	char *text = clean(h, name);
	bool is_new;
	uint32_t at;

	if (one->item_names.n >= PACKAGES_MAX || name.n > 255) {
		one->left_out++;
		return arena_zalloc(h->a, sizeof(struct size_part));
	}
	at = intern_add(&one->item_names,
	    slice_of(arena_printf(h->a, "%u%c%s", unit, SEPARATOR, text)),
	    &is_new);
	if (is_new) {
		one->item = arena_grow(h->a, one->item, &one->item_cap, at + 1,
		    sizeof(*one->item));
		one->item[at] = (struct item){
		    unit, {.name = text, .version = "", .bytes = -1}};
		one->unit[unit].nitems++;
	}
	return &one->item[at].part;
}

static void
add_package(struct histories *h, struct history *one,
    const struct history_at *at, struct slice text)
{
	struct size_part *p = part_of(
	    h, one, unit_of(h, one, SIZE_RECIPE, at->part), at->part[2]);
	struct history_latest latest;

	history_latest_read(h->a, text, &latest);
	p->version = latest.version;
	p->bytes = latest.bytes;
}

/* File lists are most of it: the first to be left out. */
static void
add_files(struct histories *h, struct history *one, struct size_part *p,
    struct slice text)
{
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;
	struct file_list list;
	size_t broken;

	if (arena_used(h->a) > h->most / 2) {
		one->left_out++;
		return;
	}
	file_list_read(scratch, text, &list, &broken);
	one->broken += broken;
	file_list_pack(&packed, &list, NULL);
	p->nfiles = list.n;
	p->files.n = packed.len;
	p->files.p =
	    arena_strndup(h->a, packed.len > 0 ? packed.data : "", packed.len);
}

static void
add_installed(struct histories *h, struct history *one, uint32_t image,
    struct slice text, bool sizes)
{
	struct slice name, version = {"", 0};
	int64_t bytes = -1;

	while (sizes ? history_installed_size(&text, &name, &bytes)
		     : history_installed_info(&text, &name, &version)) {
		struct size_part *p;
		if (name.n == 0)
			continue;
		p = part_of(h, one, image, name);
		if (sizes)
			p->bytes = bytes;
		else if (version.n <= 255)
			p->version = clean(h, version);
	}
}

static void
add_sections(struct histories *h, struct history *one, struct slice text)
{
	struct slice line;
	struct elf_line e;
	bool ignored;

	while (slice_line(&text, &line)) {
		line = slice_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!elf_line_read(line, &e)) {
			one->broken++;
			continue;
		}
		if (one->nsections == PROGRAM_LINES_MAX ||
		    arena_used(h->a) > h->most) {
			one->left_out++;
			return;
		}
		one->section = arena_grow(h->a, one->section, &one->section_cap,
		    one->nsections + 1, sizeof(*one->section));
		one->section[one->nsections++] = (struct section){
		    intern_add(&one->words, e.package, &ignored),
		    intern_add(&one->words, e.path, &ignored),
		    intern_add(&one->words, e.section, &ignored), e.bytes};
	}
}

static void
add_image(struct histories *h, struct history *one, const struct history_at *at,
    struct slice text)
{
	uint32_t image = unit_of(h, one, SIZE_IMAGE, at->part);

	if (at->file == HISTORY_IMAGE)
		one->unit[image].bytes = history_image_size(text);
	else if (at->file == HISTORY_IMAGE_FILES)
		add_files(h, one, part_of(h, one, image, (struct slice){"", 0}),
		    text);
	else
		add_installed(
		    h, one, image, text, at->file == HISTORY_INSTALLED_SIZES);
}

void
histories_add(
    struct histories *h, const struct history_at *at, struct slice text)
{
	struct history *one = history_of(h, at->dir);

	if (arena_used(h->a) > h->most) {
		one->left_out++;
		return;
	}
	switch (at->file) {
	case HISTORY_PACKAGE:
		add_package(h, one, at, text);
		break;
	case HISTORY_PACKAGE_FILES:
		add_files(h, one,
		    part_of(h, one, unit_of(h, one, SIZE_RECIPE, at->part),
			at->part[2]),
		    text);
		break;
	case HISTORY_IMAGE:
	case HISTORY_IMAGE_FILES:
	case HISTORY_INSTALLED_SIZES:
	case HISTORY_INSTALLED_INFO:
		add_image(h, one, at, text);
		break;
	case HISTORY_COMMIT:
		history_commit_read(h->a, text, &one->commit);
		break;
	case HISTORY_ELF:
		add_sections(h, one, text);
		break;
	default:
		break;
	}
}

/* ---- units ---- */

static int
by_section(const void *x, const void *y)
{
	const struct section *a = x, *b = y;

	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	if (a->path != b->path)
		return a->path < b->path ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

/* A program: its sections as files. */
static void
make_program(struct arena *a, const struct history *one,
    const struct section *s, size_t n, struct size_part *p)
{
	CLEANUP(buf_clear) struct buf packed = BUF_INIT;
	struct file_list list = {n, arena_calloc(a, n, sizeof(*list.file))};
	struct slice path = one->words.texts[s->path];
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		list.file[i] = (struct listed_file){
		    one->words.texts[s[i].name], s[i].bytes, '-'};
	file_list_pack(&packed, &list, &sum);
	*p = (struct size_part){
	    .name = utf8_scrub(
		a, path.p, path.n < SIZE_NAME_MAX ? path.n : SIZE_NAME_MAX),
	    .version = "",
	    .bytes = (int64_t)sum,
	    .nfiles = list.n,
	    .files = {arena_strndup(a, packed.data, packed.len), packed.len},
	};
}

static void
make_programs(struct arena *a, const struct history *one,
    const struct section *s, size_t n, struct size_unit *u)
{
	struct slice name = one->words.texts[s->package];
	size_t end;

	*u = (struct size_unit){
	    .kind = SIZE_ELF, .name = utf8_scrub(a, name.p, name.n)};
	u->recipe = "";
	u->part = arena_calloc(a, n, sizeof(*u->part));
	for (size_t i = 0; i < n; i = end) {
		end = i + 1;
		while (end < n && s[end].path == s[i].path)
			end++;
		make_program(a, one, s + i, end - i, &u->part[u->nparts++]);
		u->bytes += u->part[u->nparts - 1].bytes;
	}
	size_unit_pack(a, u);
}

static void
add_elf_units(struct arena *a, struct history *one, struct sizes *out)
{
	const struct section *s = one->section;
	size_t n = one->nsections, end;

	if (n > 1)
		qsort(one->section, n, sizeof(*s), by_section);
	for (size_t i = 0; i < n; i = end) {
		end = i + 1;
		while (end < n && s[end].package == s[i].package)
			end++;
		make_programs(a, one, s + i, end - i, &out->unit[out->n++]);
	}
}

static void
add_known(int64_t *sum, int64_t bytes)
{
	if (bytes >= 0)
		*sum = (*sum > 0 ? *sum : 0) + bytes;
}

/* Recipes and images with their parts; an image's size is its own. */
static void
add_units(struct arena *a, struct history *one, struct sizes *out)
{
	size_t n = one->unit_names.n;
	size_t *place = arena_calloc(a, n + 1, sizeof(*place));

	for (size_t i = 0; i < n; i++) {
		const struct unit *u = &one->unit[i];
		struct size_unit *to = &out->unit[out->n];
		place[i] = out->n++;
		*to = (struct size_unit){.kind = u->kind,
		    .name = u->name,
		    .recipe = u->recipe,
		    .bytes = u->bytes};
		to->part = arena_calloc(a, u->nitems + 1, sizeof(*to->part));
	}
	for (size_t i = 0; i < one->item_names.n; i++) {
		const struct item *item = &one->item[i];
		struct size_unit *to = &out->unit[place[item->owner]];
		to->part[to->nparts++] = item->part;
		if (to->kind == SIZE_RECIPE)
			add_known(&to->bytes, item->part.bytes);
	}
	for (size_t i = 0; i < n; i++)
		size_unit_pack(a, &out->unit[place[i]]);
}

static size_t
count_packages(const struct history *one)
{
	size_t n = 0;

	for (size_t i = 0; i < one->nsections; i++)
		n += i == 0 ||
		     one->section[i].package != one->section[i - 1].package;
	return n;
}

static void
note(struct arena *a, struct history_told *out, size_t n, const char *what)
{
	size_t at = 0;

	if (n == 0)
		return;
	while (out->notes[at] != NULL)
		at++;
	if (at < sizeof(out->notes) / sizeof(out->notes[0]) - 1)
		out->notes[at] = arena_printf(a, "%zu %s", n, what);
}

static void
tell(struct histories *h, struct history *one, struct history_told *out)
{
	struct sizes *s = &out->sizes;
	size_t most = s->n + one->unit_names.n + count_packages(one);
	struct size_unit *all = arena_calloc(h->a, most + 1, sizeof(*all));

	if (s->n > 0)
		memcpy(all, s->unit, s->n * sizeof(*all));
	s->unit = all;
	add_units(h->a, one, s);
	add_elf_units(h->a, one, s);
	note(h->a, out, one->broken,
	    "lines of file lists or elf-sizes are not understood and were "
	    "left out");
	note(h->a, out, one->left_out,
	    "files of the buildhistory were left out: it is larger than this "
	    "server takes");
	one->used = true;
}

static bool
has_sizes(const struct history *one)
{
	return one->unit_names.n + one->nsections > 0;
}

bool
histories_use(struct histories *h, const struct scopes *scopes,
    struct slice dir, const char *name, struct history_told *out)
{
	*out = (struct history_told){0};
	for (struct history *one = h->first; one != NULL; one = one->next) {
		const char *says = one->commit.name;
		if (one->used || !has_sizes(one) || !dir_holds(one->dir, dir))
			continue;
		if (says[0] != '\0' ? strcmp(says, name) == 0
				    : scopes_is_only_run(scopes, one->dir))
			tell(h, one, out);
	}
	return out->sizes.n > 0;
}

bool
histories_next_unused(struct histories *h, struct history_alone *out)
{
	for (struct history *one = h->first; one != NULL; one = one->next) {
		if (one->used || !has_sizes(one))
			continue;
		*out = (struct history_alone){
		    .commit = one->commit, .dir = one->dir};
		tell(h, one, &out->told);
		return true;
	}
	return false;
}
