/*
 * ansi.h: a log line as spans of text with a colour; pure.  Escape sequences
 * that are no colours go; carriage returns and backspaces act as on a terminal.
 */
#ifndef MODEL_ANSI_H
#define MODEL_ANSI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

/* Carried over from line to line. */
struct ansi_style {
	unsigned char fg, bg; /* 0: default, 1..8: the base colours, 9..16:
				 bright ones; richer ones become the nearest */
	bool bold, faint, italic, underline, inverse;
};

struct ansi_span {
	struct ansi_style style;
	const char *text; /* clean UTF-8 */
};

/* At most max spans; what is left joins the last. Returns their number. */
size_t ansi_line(struct arena *a, struct ansi_style *state, struct slice line,
    struct ansi_span *out, size_t max);

/*
 * "red bold": the classes of static/style.css, "" for a plain span.  Colours
 * are black, red, green, yellow, blue, magenta, cyan, white, each also as
 * bright-red, on-red, on-bright-red; then bold, faint, italic, underline,
 * inverse.
 */
const char *ansi_classes(struct arena *a, const struct ansi_style *style);

/*
 * The length of the escape sequence that s starts with (s.p[0] is ESC):
 * colours, cursor movements, titles, strings.  One without an end is only as
 * long as what announces it, so that it hides no text.
 */
size_t ansi_escape(struct slice s);

#endif
