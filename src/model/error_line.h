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
	LINE_CONTEXT, /* belongs to the error before it: notes, carets, "in
			 function" lines, frames of a traceback */
	LINE_WARNING,
	LINE_TRAILER, /* says only that something failed: bitbake's "ERROR:
			 Logfile of failure", "exit code 1", make's *** */
	LINE_ERROR
};

/* Escape sequences in the line are passed over; n may be anything. */
enum line_kind error_line_kind(struct slice line);

/*
 * Fit for a page: control bytes and escape sequences gone, UTF-8 scrubbed, cut
 * at max bytes on a character's border.
 */
struct arena;
char *error_line_text(struct arena *a, struct slice line, size_t max);

#endif
