/* depends.c: see depends.h. */
#include "model/depends.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "model/intern.h"

#define LEVEL 6
#define PACKED_MAX ((size_t)6 << 20)
#define NAMES_BYTES_MAX ((size_t)20 << 20)
#define PIECE ((size_t)64 << 10)
#define NOBODY UINT32_MAX

struct depends_reader {
	struct arena *arena;
	enum depends_kind kind;
	struct intern names;
	struct zstd_stream *zstd;
	struct buf packed;
	struct buf out; /* what is to be packed next */
	uint64_t size;  /* of all that was */
	char line[DEPENDS_LINE_MAX];
	size_t len;
	bool too_long; /* the line at hand */
	uint32_t last; /* who the line of `out` is about */
	size_t edges, odd;
	bool whole;
	const char *why;
};

struct depends_reader *
depends_reader_new(enum depends_kind kind)
{
	struct depends_reader *r = must(calloc(1, sizeof(*r)));

	r->arena = arena_new(NAMES_BYTES_MAX);
	r->kind = kind;
	intern_init(&r->names, r->arena);
	r->zstd = zstd_stream_new(LEVEL);
	r->packed.limit = PACKED_MAX;
	r->last = NOBODY;
	return r;
}

void
depends_reader_free(struct depends_reader *r)
{
	if (r == NULL)
		return;
	zstd_stream_end(r->zstd, NULL);
	buf_clear(&r->packed);
	buf_clear(&r->out);
	arena_free(r->arena);
	free(r);
}

/* ---- writing ---- */

static void
flush(struct depends_reader *r)
{
	zstd_stream_add(r->zstd, &r->packed, r->out.data, r->out.len);
	r->size += r->out.len;
	buf_reset(&r->out);
}

static void
check_limits(struct depends_reader *r)
{
	if (r->names.n > DEPENDS_NAMES_MAX || arena_over(r->arena))
		r->why = "it names too many tasks";
	else if (r->edges > DEPENDS_EDGES_MAX || r->packed.failed)
		r->why = "it holds too many dependencies";
}

static void
add_edge(struct depends_reader *r, uint32_t from, uint32_t to, bool runtime)
{
	char text[40];
	int n = 0;

	if (from != r->last)
		n = snprintf(text, sizeof(text), "%s%u",
		    r->last == NOBODY ? "" : "\n", from);
	r->last = from;
	n += snprintf(text + n, sizeof(text) - (size_t)n, " %s%u",
	    runtime ? "r" : "", to);
	buf_add(&r->out, text, (size_t)n);
	r->edges++;
	if (r->out.len >= PIECE)
		flush(r);
}

/* ---- lines ---- */

static void
skip_blanks(struct slice *s)
{
	while (s->n > 0 && (*s->p == ' ' || *s->p == '\t')) {
		s->p++;
		s->n--;
	}
}

static bool
take(struct slice *s, const char *mark)
{
	size_t n = strlen(mark);

	skip_blanks(s);
	if (!slice_starts(*s, mark))
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

static bool
is_name(struct slice s)
{
	return s.n > 0 && s.n <= DEPENDS_NAME_MAX && utf8_clean(s.p, s.n) &&
	       memchr(s.p, '\n', s.n) == NULL;
}

/* "zlib.do_compile", of which only \" and \\ are escapes; or a bare word. */
static bool
take_name(struct slice *s, char out[DEPENDS_LINE_MAX], size_t *n)
{
	bool quoted = take(s, "\"");

	*n = 0;
	for (; s->n > 0; s->p++, s->n--) {
		char c = *s->p;
		if (quoted && c == '"')
			break;
		if (!quoted && strchr(" \t[;-{}=,", c) != NULL)
			break;
		if (quoted && c == '\\' && s->n > 1 &&
		    (s->p[1] == '"' || s->p[1] == '\\')) {
			s->p++;
			s->n--;
			c = *s->p;
		}
		out[(*n)++] = c;
	}
	if (quoted && !take(s, "\""))
		return false;
	return is_name((struct slice){out, *n});
}

static bool
is_runtime(struct slice attributes)
{
	static const char *const styles[] = {"dashed", "dotted"};

	for (size_t i = 0; i < 2; i++)
		if (attributes.n > 0 && memmem(attributes.p, attributes.n,
					    styles[i], strlen(styles[i])))
			return true;
	return false;
}

/* Lines without a name of ours: the frame, defaults, comments. */
static bool
is_frame(struct depends_reader *r, struct slice s)
{
	static const char *const starts[] = {"digraph", "strict", "graph ",
	    "node ", "edge ", "//", "#", "/*", "rankdir"};

	if (s.n == 0)
		return true;
	if (slice_is(s, "}"))
		return r->whole = true;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (slice_starts(s, starts[i]))
			return true;
	return false;
}

/* A name, or several in braces: their numbers. */
static bool
take_names(struct depends_reader *r, struct slice *s, struct buf *numbers)
{
	char text[DEPENDS_LINE_MAX];
	bool is_new, many = take(s, "{");
	size_t n;

	buf_reset(numbers);
	do {
		uint32_t number;
		if (many && take(s, "}"))
			return true;
		if (!take_name(s, text, &n))
			return false;
		number =
		    intern_add(&r->names, (struct slice){text, n}, &is_new);
		buf_add(numbers, &number, sizeof(number));
		if (many && !take(s, ";"))
			take(s, ",");
	} while (many);
	return true;
}

/* Each of the former needs each of the latter. */
static void
add_edges(struct depends_reader *r, const struct buf *from,
    const struct buf *to, bool runtime)
{
	const uint32_t *a = (const void *)from->data,
		       *b = (const void *)to->data;

	for (size_t i = 0; i < from->len / sizeof(*a); i++)
		for (size_t k = 0; k < to->len / sizeof(*b); k++) {
			add_edge(r, a[i], b[k], runtime);
			if (r->edges > DEPENDS_EDGES_MAX)
				return;
		}
}

/* A name, or several with arrows between, then attributes, then nothing. */
static bool
read_statement(struct depends_reader *r, struct slice s)
{
	CLEANUP(buf_clear) struct buf from = BUF_INIT;
	CLEANUP(buf_clear) struct buf to = BUF_INIT;
	struct slice end = s;
	bool runtime;

	/* What stands behind them says of what kind they are. */
	do {
		if (!take_names(r, &end, &to))
			return false;
	} while (take(&end, "->"));
	skip_blanks(&end);
	if (end.n > 0 && *end.p != '[' && *end.p != ';')
		return false;
	runtime = r->kind == DEPENDS_RECIPES && is_runtime(end);
	if (!take_names(r, &s, &from))
		return false;
	while (take(&s, "->") && take_names(r, &s, &to)) {
		struct buf t = from;
		add_edges(r, &from, &to, runtime);
		from = to;
		to = t;
	}
	return true;
}

static void
end_line(struct depends_reader *r)
{
	struct slice s = slice_trim((struct slice){r->line, r->len});

	if (r->too_long || (!is_frame(r, s) && !read_statement(r, s)))
		r->odd++;
	r->len = 0;
	r->too_long = false;
	check_limits(r);
}

void
depends_reader_add(struct depends_reader *r, const void *data, size_t n)
{
	struct slice rest = {data, n};

	while (rest.n > 0 && r->why == NULL) {
		const char *end = memchr(rest.p, '\n', rest.n);
		size_t part = end != NULL ? (size_t)(end - rest.p) : rest.n;
		if (part > sizeof(r->line) - r->len)
			r->too_long = true;
		else
			memcpy(r->line + r->len, rest.p, part);
		if (!r->too_long)
			r->len += part;
		part += end != NULL;
		rest.p += part;
		rest.n -= part;
		if (end != NULL)
			end_line(r);
	}
}

void
depends_reader_edge(
    struct depends_reader *r, struct slice from, struct slice to)
{
	bool is_new;
	uint32_t a, b;

	if (r->why != NULL)
		return;
	if (!is_name(from) || !is_name(to)) {
		r->odd++;
		return;
	}
	a = intern_add(&r->names, from, &is_new);
	b = intern_add(&r->names, to, &is_new);
	add_edge(r, a, b, false);
	check_limits(r);
}

void
depends_reader_name(struct depends_reader *r, struct slice name)
{
	bool is_new;

	if (r->why == NULL && is_name(name))
		intern_add(&r->names, name, &is_new);
	check_limits(r);
}

void
depends_reader_whole(struct depends_reader *r)
{
	r->whole = true;
}

/* ---- the end ---- */

static void
add_names(struct depends_reader *r)
{
	buf_adds(&r->out, r->edges > 0 ? "\n\n" : "\n");
	for (size_t i = 0; i < r->names.n; i++) {
		buf_add(&r->out, r->names.texts[i].p, r->names.texts[i].n);
		buf_addc(&r->out, '\n');
		if (r->out.len >= PIECE)
			flush(r);
	}
	flush(r);
}

static void
finish(struct depends_reader *r)
{
	if (r->len > 0 || r->too_long)
		end_line(r);
	if (r->why == NULL && r->edges == 0)
		r->why = "it holds no dependencies";
	if (r->why != NULL)
		return;
	add_names(r);
	zstd_stream_end(r->zstd, &r->packed);
	r->zstd = NULL;
	check_limits(r);
}

void
depends_reader_end(
    struct depends_reader *r, struct arena *a, struct depends_file *out)
{
	finish(r);
	*out = (struct depends_file){.kind = r->kind,
	    .why = r->why,
	    .names = r->names.n,
	    .edges = r->edges,
	    .odd = r->odd,
	    .whole = r->whole};
	if (r->why == NULL)
		out->text = (struct build_text){
		    .name = r->kind == DEPENDS_TASKS ? DEPENDS_TASKS_TEXT
						     : DEPENDS_RECIPES_TEXT,
		    .size = r->size,
		    .zstd = {arena_strndup(a, r->packed.data, r->packed.len),
			r->packed.len}};
	depends_reader_free(r);
}
