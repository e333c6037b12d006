/*
 * task_file.h: reads the task files of one run into packages, task names,
 * metrics, shapes and tasks of a struct build.
 *
 * Every variant since 2011 is taken.  What is known is checked: a time, a
 * duration or a counter that isn't one is refused with its line.  What is
 * not known is kept as it is, "key: number" lines as metrics.
 */
#ifndef MODEL_TASK_FILE_H
#define MODEL_TASK_FILE_H

#include "base/err.h"
#include "model/build.h"

struct task_files;

/* What is read lives in a; max is the number of tasks of the run. */
struct task_files *task_files_new(struct arena *a, size_t max);
void task_files_free(struct task_files *tf); /* before the arena */

/*
 * Reads one task file whole.  Errors name PF/task and line; what was read of
 * the run until then is of no use any more.
 */
enum err task_files_read(struct task_files *tf, struct slice pf,
    struct slice task, struct slice text, struct errinfo *ei) MUST_CHECK;

/* Blocks read so far. */
size_t task_files_count(const struct task_files *tf);

/* Notes that build_stats says a task failed; text are bytes. */
void task_files_failed_at(
    struct task_files *tf, struct slice pf, struct slice task);

/* Says which recipe a PF belongs to, where it is known; call it when all
 * files are read.  recipe is borrowed. */
void task_files_name_recipe(
    struct task_files *tf, struct slice pf, const char *recipe);

/*
 * Sorts what was read and hands it to b.  ERR_INPUT if a task file came
 * twice.  *left_out is the number of lines that were dropped.
 */
enum err task_files_finish(struct task_files *tf, struct build *b,
    size_t *left_out, struct errinfo *ei) MUST_CHECK;

/* Lines that were not understood, as far as they are of a form that was not
 * met before; at most TASK_ODD_MAX. */
struct task_odd {
	const char *file; /* "zlib-1.3.1-r0/do_compile" */
	size_t line;
	const char *text;
	bool left_out;
};
#define TASK_ODD_MAX 50
const struct task_odd *task_files_odd(const struct task_files *tf, size_t *n);

/* Valid wall times, 1990 to 2200, in seconds. */
#define EPOCH_MIN 631152000
#define EPOCH_MAX 7258118400

#endif
