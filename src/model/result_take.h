/*
 * result_take.h: takes in the logs of test results while they stream by:
 * inflates, measures, looks for what the mask rules take out, and of cases
 * keeps the end.  One log at a time.
 */
#ifndef MODEL_RESULT_TAKE_H
#define MODEL_RESULT_TAKE_H

#include "model/result_log.h"

struct arena;
struct result_taker;

struct result_taker *result_taker_new(unsigned rules);
void result_taker_free(struct result_taker *t);

/* excerpt: its end is wanted. */
void result_taker_begin(struct result_taker *t, bool compressed, bool excerpt);
enum result_log_state result_taker_add(
    struct result_taker *t, struct slice piece);
enum result_log_state result_taker_end(struct result_taker *t);
/* Of the log at hand, or the last one. */
uint64_t result_taker_bytes(const struct result_taker *t);
/* Places in all logs so far that the rules take out. */
uint64_t result_taker_masked(const struct result_taker *t);

/* What the last log of a case ends with, masked, and its error in one line;
 * "" of none.  Forgotten with result_taker_forget or the next such log. */
struct result_end {
	const char *first_line, *excerpt;
};
struct result_end result_taker_excerpt(
    const struct result_taker *t, struct arena *a);
void result_taker_forget(struct result_taker *t);

#endif
