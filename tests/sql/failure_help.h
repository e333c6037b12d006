/* failure_help.h: failures and logs made up for tests, and a database. */
#ifndef TESTS_FAILURE_HELP_H
#define TESTS_FAILURE_HELP_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "db/db.h"
#include "db/stmt.h"
#include "model/build_store.h"
#include "model/log_take.h"
#include "model/report.h"

#define STARTED INT64_C(1795352032720000) /* 2026-11-22 */

extern struct arena *arena;
extern struct db *db;
extern struct errinfo ei;

int help_set_up(void **state);
int help_tear_down(void **state);
#define TEST(f) cmocka_unit_test_setup_teardown(f, help_set_up, help_tear_down)

void check(enum err err);
/* Fails unless the SQL condition, printf-like, holds. */
void holds(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The number that an SQL expression gives. */
long long number(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Fails if the statement's plan reads one of our tables from end to end;
 * values: its parameters as SQL. */
void plan_is_good(enum query q, const char *values);

/* A log of a compiler that found an error, in lines that nobody else has. */
const struct taken_log *broken_log(const char *error, unsigned lines);
struct told_failure told(
    const char *recipe, const char *task, const struct taken_log *log);
/* A report of n failures; seed makes its hash. */
struct build *report_of(unsigned seed, const struct told_failure *f, size_t n);
/* A whole build of 12 recipes "recipe0"... with some failed tasks. */
struct build *whole(uint64_t seed);

struct store_result store(const struct build *b);
/* Like those who prepare it before the transaction. */
struct store_result store_prepared(const struct build *b);

/* Many test results; then what is known of all tables is renewed. */
void fill_results(void);

#endif
