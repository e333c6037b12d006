/*
 * say.h: what a person sees: one line a build on stdout, "program: what: why"
 * on stderr, and on a terminal one line of progress that is redrawn.
 */
#ifndef CLIENT_SAY_H
#define CLIENT_SAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define CLIENT_NAME "push-build-results"

enum say_level { SAY_QUIET, SAY_NORMAL, SAY_VERBOSE };

/* Progress is shown if stderr is a terminal and the level isn't quiet. */
void say_open(enum say_level level);

/* A line on stdout, at once; false when stdout is gone. */
bool say_line(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A line of any length on stdout, not flushed; text is clean but for what would
 * steer the terminal. */
void say_text(const char *indent, const char *text);
/* "push-build-results: ..." on stderr, at every level. */
void say_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The same unless quiet / only when verbose. */
void say_note(const char *fmt, ...) PRINTF_LIKE(1, 2);
void say_detail(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* A line on stderr as it is, for people: when that is a terminal and the level
 * isn't quiet, or verbose. */
void say_aside(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* "NAME: VERB 1.2 MB, 40 %"; total 0 when unknown.  Drawn 10 times a second
 * at most. */
void say_progress(
    const char *name, const char *verb, uint64_t done, uint64_t total);
void say_progress_text(const char *name, const char *text);

/* "1.2 MB"; out as of 16 bytes. */
void say_bytes(char out[16], uint64_t n);

#endif
