/*
 * error_line.h: is a line of a build's log an error?  Pure functions over
 * bytes; what they know of bitbake, compilers, linkers, make, ninja, cmake,
 * configure, patch, Python and package managers is a table in error_line.c.
 */
#ifndef MODEL_ERROR_LINE_H
#define MODEL_ERROR_LINE_H

#include "base/str.h"

enum line_kind {
	LINE_PLAIN,
	LINE_CONTEXT, /* belongs to an error: notes, carets, "in function"
			 lines, frames of a traceback */
	LINE_WARNING,
	LINE_TRAILER, /* says only that something failed: bitbake's "ERROR:
			 Logfile of failure", "exit code 1", make's *** */
	LINE_ERROR
};

/* "plain", "context", "warning", "trailer", "error". */
const char *error_line_word(enum line_kind kind);

/* Escape sequences in the line are passed over; n may be anything, but what
 * stands behind the first 4 KiB isn't looked at. */
enum line_kind error_line_kind(struct slice line);

/*
 * How much an error or a trailer says, to choose the one that is shown:
 * 0 nothing at all, 1 that something failed, by its name, 2 what may be the
 * reason, and may be harmless ("No such file or directory"), 3 the reason.
 * Context that stands before its error says where, other context nothing.
 */
enum error_weight { SAYS_NOTHING, SAYS_WHERE, SAYS_MAYBE, SAYS_WHY };

struct line_class {
	enum line_kind kind;
	enum error_weight weight;
};
struct line_class error_line_class(struct slice line);

/*
 * Fit for a page: control bytes and escape sequences gone, UTF-8 scrubbed, cut
 * at max bytes on a character's border.
 */
struct arena;
char *error_line_text(struct arena *a, struct slice line, size_t max);

/*
 * An error as a person would say it: without the file and line, the program's
 * name and the word "error" that it may start with, and without the compiler's
 * option at its end.  text is an error_line_text.
 */
char *error_line_brief(struct arena *a, const char *text, size_t max);

#endif
