/* ansi.c: see ansi.h. */
#include "model/ansi.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define ESC 0x1b
#define BEL 0x07
#define PARAMS_MAX 32
#define STRING_MAX 4096 /* a longer title is none */

/* One place on the terminal's line. */
struct cell {
	struct ansi_style style;
	unsigned char n; /* bytes of the character; 0: U+FFFD */
	const char *p;
};

struct screen {
	struct cell *cell;
	size_t n, at;
};

static bool
between(char c, int lo, int hi)
{
	return (unsigned char)c >= lo && (unsigned char)c <= hi;
}

/* ESC ] ... up to BEL or ESC \, or only what announces it. */
static size_t
string_length(struct slice s)
{
	for (size_t i = 2; i < s.n && i < STRING_MAX; i++) {
		if (s.p[i] == BEL)
			return i + 1;
		if (s.p[i] == ESC)
			return i + 1 < s.n && s.p[i + 1] == '\\' ? i + 2 : 2;
	}
	return 2;
}

size_t
ansi_escape(struct slice s)
{
	size_t i = 2;

	if (s.n < 2)
		return s.n;
	if (memchr("]PX^_", s.p[1], 5) != NULL)
		return string_length(s);
	if (s.p[1] == '[') {
		while (i < s.n && between(s.p[i], 0x20, 0x3f))
			i++;
		return i < s.n && between(s.p[i], 0x40, 0x7e) ? i + 1 : i;
	}
	for (i = 1; i < s.n && between(s.p[i], 0x20, 0x2f); i++)
		;
	return i < s.n && between(s.p[i], 0x30, 0x7e) ? i + 1 : i;
}

/* The sixteen colours as xterm shows them. */
static unsigned char
nearest(int r, int g, int b)
{
	static const unsigned char rgb[16][3] = {{0, 0, 0}, {205, 0, 0},
	    {0, 205, 0}, {205, 205, 0}, {0, 0, 238}, {205, 0, 205},
	    {0, 205, 205}, {229, 229, 229}, {127, 127, 127}, {255, 0, 0},
	    {0, 255, 0}, {255, 255, 0}, {92, 92, 255}, {255, 0, 255},
	    {0, 255, 255}, {255, 255, 255}};
	int best = 0, least = INT32_MAX;

	for (int i = 0; i < 16; i++) {
		int dr = r - rgb[i][0], dg = g - rgb[i][1], db = b - rgb[i][2];
		int d = dr * dr + dg * dg + db * db;
		if (d < least) {
			least = d;
			best = i;
		}
	}
	return (unsigned char)(best + 1);
}

/* Of the 256: 16 colours, a cube of 6 x 6 x 6, 24 greys. */
static unsigned char
of_256(int n)
{
	static const unsigned char step[] = {0, 95, 135, 175, 215, 255};

	if (n < 16)
		return (unsigned char)(n + 1);
	if (n < 232) {
		n -= 16;
		return nearest(step[n / 36], step[n / 6 % 6], step[n % 6]);
	}
	n = 8 + (n - 232) * 10;
	return nearest(n, n, n);
}

static bool
is_byte(int n)
{
	return n >= 0 && n <= 255;
}

/* 38;5;N or 38;2;R;G;B from p on; returns how many numbers it took. */
static size_t
rich_colour(const int *p, size_t n, unsigned char *colour)
{
	if (n >= 3 && p[1] == 5) {
		if (is_byte(p[2]))
			*colour = of_256(p[2]);
		return 3;
	}
	if (n >= 5 && p[1] == 2) {
		if (is_byte(p[2]) && is_byte(p[3]) && is_byte(p[4]))
			*colour = nearest(p[2], p[3], p[4]);
		return 5;
	}
	return n;
}

static bool
set_flag(struct ansi_style *s, int p)
{
	switch (p) {
	case 1:
		s->bold = true;
		break;
	case 2:
		s->faint = true;
		break;
	case 3:
		s->italic = true;
		break;
	case 4:
	case 21:
		s->underline = true;
		break;
	case 7:
		s->inverse = true;
		break;
	case 22:
		s->bold = s->faint = false;
		break;
	case 23:
		s->italic = false;
		break;
	case 24:
		s->underline = false;
		break;
	case 27:
		s->inverse = false;
		break;
	default:
		return false;
	}
	return true;
}

static void
set_colour(struct ansi_style *s, int p)
{
	if (p >= 30 && p <= 37)
		s->fg = (unsigned char)(p - 30 + 1);
	else if (p >= 40 && p <= 47)
		s->bg = (unsigned char)(p - 40 + 1);
	else if (p >= 90 && p <= 97)
		s->fg = (unsigned char)(p - 90 + 9);
	else if (p >= 100 && p <= 107)
		s->bg = (unsigned char)(p - 100 + 9);
	else if (p == 39)
		s->fg = 0;
	else if (p == 49)
		s->bg = 0;
	else if (p == 0)
		*s = (struct ansi_style){0};
}

static void
apply(struct ansi_style *s, const int *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		if (p[i] == 38 || p[i] == 48) {
			i += rich_colour(
			    p + i, n - i, p[i] == 38 ? &s->fg : &s->bg);
			continue;
		}
		if (!set_flag(s, p[i]))
			set_colour(s, p[i]);
		i++;
	}
}

/*
 * The numbers of a sequence.  A colon joins what belongs to one thing: 4:3 is
 * an underline of a kind, 4:0 none, 38:2::R:G:B has an empty place for a
 * colour space.
 */
static size_t
parameters(struct slice s, int *p)
{
	size_t n = 0;
	int v = 0;
	bool joined = false;

	for (size_t i = 0; i <= s.n && n < PARAMS_MAX; i++) {
		char c = i < s.n ? s.p[i] : ';';
		if (c >= '0' && c <= '9') {
			v = v < 10000 ? v * 10 + (c - '0') : v;
			continue;
		}
		if (!(joined && c == ':' && i > 0 && s.p[i - 1] == ':')) {
			bool kind = joined && n > 0 && p[n - 1] == 4;
			if (kind && v == 0)
				p[n - 1] = 24;
			else if (!kind)
				p[n++] = v;
		}
		joined = c == ':';
		v = 0;
	}
	return n;
}

/* Characters from `from` on go; the cursor stays. */
static void
erase(struct screen *t, int how)
{
	if (how == 0) {
		if (t->at < t->n)
			t->n = t->at;
		return;
	}
	for (size_t i = 0; i < t->n && (how == 2 || i <= t->at); i++)
		t->cell[i] = (struct cell){.n = 1, .p = " "};
}

static void
escape(struct screen *t, struct ansi_style *state, struct slice s)
{
	int p[PARAMS_MAX];
	size_t n;

	if (s.n < 3 || s.p[1] != '[')
		return;
	n = parameters((struct slice){s.p + 2, s.n - 3}, p);
	if (s.p[s.n - 1] == 'm' && !between(s.p[2], '<', '?'))
		apply(state, p, n);
	else if (s.p[s.n - 1] == 'K')
		erase(t, n > 0 ? p[0] : 0);
	else if (s.p[s.n - 1] == 'G')
		t->at = n > 0 && p[0] > 0 && (size_t)p[0] <= t->n
			    ? (size_t)p[0] - 1
			    : 0;
}

static void
put(struct screen *t, const struct ansi_style *style, const char *p, size_t n)
{
	t->cell[t->at++] =
	    (struct cell){.style = *style, .n = (unsigned char)n, .p = p};
	if (t->at > t->n)
		t->n = t->at;
}

/* Bytes of the character at s, 0 if it is none that a page may hold. */
static size_t
character(struct slice s)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return n <= s.n && utf8_clean(s.p, n) ? n : 0;
}

static void
type(struct screen *t, struct ansi_style *state, struct slice s)
{
	while (s.n > 0) {
		unsigned char c = (unsigned char)s.p[0];
		size_t n = 1;
		if (c == ESC) {
			n = ansi_escape(s);
			escape(t, state, (struct slice){s.p, n});
		} else if (c == '\r') {
			t->at = 0;
		} else if (c == '\b') {
			t->at -= t->at > 0;
		} else if (c >= 0x80) {
			n = character(s);
			put(t, state, s.p, n);
			n += n == 0;
		} else if ((c >= 0x20 && c != 0x7f) || c == '\t') {
			put(t, state, s.p, 1);
		}
		s.p += n;
		s.n -= n;
	}
}

static bool
same_style(const struct ansi_style *a, const struct ansi_style *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold &&
	       a->faint == b->faint && a->italic == b->italic &&
	       a->underline == b->underline && a->inverse == b->inverse;
}

static const char *
text_of(struct arena *a, const struct cell *c, size_t n)
{
	char *text = arena_alloc(a, n * 4 + 1), *p = text;

	for (size_t i = 0; i < n; i++) {
		const char *from = c[i].n > 0 ? c[i].p : "\xef\xbf\xbd";
		size_t bytes = c[i].n > 0 ? c[i].n : 3;
		memcpy(p, from, bytes);
		p += bytes;
	}
	*p = '\0';
	return text;
}

static size_t
cut_spans(
    struct arena *a, const struct screen *t, struct ansi_span *out, size_t max)
{
	size_t spans = 0;

	for (size_t i = 0, end; i < t->n; i = end) {
		const struct ansi_style *style = &t->cell[i].style;
		for (end = i + 1; end < t->n; end++)
			if (!same_style(&t->cell[end].style, style) &&
			    spans + 1 < max)
				break;
		out[spans++] = (struct ansi_span){
		    *style, text_of(a, t->cell + i, end - i)};
	}
	return spans;
}

static bool
is_simple(struct slice line)
{
	return utf8_clean(line.p, line.n) &&
	       memchr(line.p, '\n', line.n) == NULL;
}

size_t
ansi_line(struct arena *a, struct ansi_style *state, struct slice line,
    struct ansi_span *out, size_t max)
{
	struct screen t = {0};

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (line.n == 0 || max == 0)
		return 0;
	if (is_simple(line)) {
		out[0] = (struct ansi_span){
		    *state, arena_strndup(a, line.p, line.n)};
		return 1;
	}
	t.cell = arena_alloc(a, line.n * sizeof(*t.cell));
	type(&t, state, line);
	return cut_spans(a, &t, out, max);
}

const char *
ansi_classes(struct arena *a, const struct ansi_style *style)
{
	static const char *const colour[] = {"black", "red", "green", "yellow",
	    "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
	    "bright-green", "bright-yellow", "bright-blue", "bright-magenta",
	    "bright-cyan", "bright-white"};
	char *text;

	text = arena_printf(a, "%s%s%s%s%s%s%s%s%s", style->fg > 0 ? " " : "",
	    style->fg > 0 ? colour[(style->fg - 1) % 16] : "",
	    style->bg > 0 ? " on-" : "",
	    style->bg > 0 ? colour[(style->bg - 1) % 16] : "",
	    style->bold ? " bold" : "", style->faint ? " faint" : "",
	    style->italic ? " italic" : "",
	    style->underline ? " underline" : "",
	    style->inverse ? " inverse" : "");
	return text[0] == ' ' ? text + 1 : text;
}
