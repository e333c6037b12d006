/* log_rows.c: see log_rows.h. */
#include "web/log_rows.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/ansi.h"
#include "web/page_rows.h"

#define SPANS_MAX 64
#define HITS_MAX 64 /* marked in one line */

/* What is made of one line after the other. */
struct writer {
	struct page_context *cx;
	const struct log_rows *rows;
	struct ansi_style style; /* carried over */
	struct ansi_span span[SPANS_MAX];
	size_t nspans;
	size_t needle;   /* its length */
	int digits;      /* of the largest number */
	unsigned marked; /* hits in this line */
};

/* Most spans have no style: cheaper to see than to say. */
static const char *
classes(struct arena *a, const struct ansi_style *s)
{
	bool any = s->fg || s->bg || s->bold || s->faint || s->italic ||
		   s->underline || s->inverse;

	return any ? ansi_classes(a, s) : "";
}

static const char *
find_hit(const char *text, const char *needle)
{
	return needle[0] != '\0' ? strcasestr(text, needle) : NULL;
}

static void
add_piece(struct writer *w, node line, const char *name, const char *class,
    struct slice text)
{
	node n;

	if (text.n == 0)
		return;
	n = doc_aside(line, name);
	doc_text(n, "class", class);
	doc_text(n, "text", arena_strndup(w->cx->arena, text.p, text.n));
}

/* A span, cut where the needle occurs. */
static void
add_span(struct writer *w, node line, const struct ansi_span *span)
{
	const char *class = classes(w->cx->arena, &span->style);
	const char *p = span->text, *hit;

	while (w->marked < HITS_MAX &&
	       (hit = find_hit(p, w->rows->needle)) != NULL) {
		add_piece(w, line, "span", class,
		    (struct slice){p, (size_t)(hit - p)});
		add_piece(
		    w, line, "hit", class, (struct slice){hit, w->needle});
		p = hit + w->needle;
		w->marked++;
	}
	add_piece(w, line, "span", class, slice_of(p));
}

static bool
is_plain(const struct writer *w, const struct log_line *l)
{
	if (w->nspans == 0)
		return true;
	return w->nspans == 1 && l->size == l->text.n &&
	       classes(w->cx->arena, &w->span[0].style)[0] == '\0' &&
	       find_hit(w->span[0].text, w->rows->needle) == NULL;
}

static const char *
whole_text(struct writer *w)
{
	struct buf b = BUF_INIT;
	const char *text;

	if (w->nspans <= 1)
		return w->nspans == 1 ? w->span[0].text : "";
	for (size_t i = 0; i < w->nspans; i++)
		buf_adds(&b, w->span[i].text);
	text = arena_strndup(w->cx->arena, b.data, b.len);
	buf_clear(&b);
	return text;
}

/* A plain line, which most are, is one attribute; others are spans, as is one
 * that something has to follow. */
static void
add_text(struct writer *w, node line, const struct log_line *l)
{
	bool plain = is_plain(w, l);

	w->marked = 0;
	if (row_for_data(w->cx))
		doc_text(line, "text", whole_text(w));
	if (!row_for_sheet(w->cx))
		return;
	doc_text(line, "text-h", plain ? whole_text(w) : "");
	for (size_t i = 0; !plain && i < w->nspans; i++)
		add_span(w, line, &w->span[i]);
}

/* Of a long line: how much of it isn't here. */
static void
add_cut(struct writer *w, node line, uint64_t bytes)
{
	doc_int(line, "cut", (int64_t)bytes);
	if (row_for_sheet(w->cx))
		doc_bytes(doc_aside(line, "rest"), "bytes", (double)bytes);
}

static void
add_line(struct writer *w, node lines, const struct log_line *l)
{
	const char *kind = error_line_word(error_line_kind(l->text));
	node n = doc_object(lines, "line"), sign;
	char number[16];

	w->nspans =
	    ansi_line(w->cx->arena, &w->style, l->text, w->span, SPANS_MAX);
	doc_int(n, "number", l->number);
	if (row_for_sheet(w->cx)) {
		snprintf(number, sizeof(number), "%*u", w->digits, l->number);
		doc_text(n, "number-h", number);
	}
	doc_text(n, "kind", kind);
	if (l->number == w->rows->current)
		doc_bool(n, "current", true);
	if (row_for_sheet(w->cx) && strcmp(kind, "plain") != 0) {
		sign = doc_aside(n, "sign");
		doc_text(sign, "text", kind);
	}
	add_text(w, n, l);
	if (l->size > l->text.n)
		add_cut(w, n, l->size - l->text.n);
}

int
log_rows_digits(uint32_t last)
{
	int digits = 1;

	for (; last >= 10; last /= 10)
		digits++;
	return digits;
}

void
log_rows_add(struct page_context *cx, const struct log_rows *rows)
{
	struct writer w = {
	    .cx = cx, .rows = rows, .needle = strlen(rows->needle)};
	node lines = doc_array(doc_content(cx->doc), "lines");
	uint32_t last = rows->n > 0 ? rows->line[rows->n - 1].number : 0;

	w.digits = log_rows_digits(last);
	for (size_t i = 0; i < rows->n && !arena_over(cx->arena); i++)
		add_line(&w, lines, &rows->line[i]);
}

const char *
log_rows_hit(struct arena *a, struct slice line, const char *needle, size_t max)
{
	const char *text = error_line_text(a, line, LOG_LINE_MAX);
	const char *hit = find_hit(text, needle);
	size_t before = hit != NULL ? (size_t)(hit - text) : 0, from = 0;

	if (before + strlen(needle) > max)
		from = before - max / 4;
	while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80)
		from--;
	return arena_printf(a, "%s%s%s", from > 0 ? "… " : "",
	    error_line_text(a, slice_of(text + from), max),
	    strlen(text + from) > max ? " …" : "");
}
