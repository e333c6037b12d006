/* task_line.h: what one line of a task file is. */
#ifndef MODEL_TASK_LINE_H
#define MODEL_TASK_LINE_H

#include "model/build.h"

enum line_kind {
	LINE_UNKNOWN, /* kept as it is */
	LINE_EVENT,   /* "Event: TaskStarted" */
	LINE_STATUS,  /* "Status: PASSED", "Status: FAILED" */
	LINE_NAME,    /* "<PF>: <task>", until 2016 with a number behind it */
	LINE_NUMBER,  /* "key: number[ unit]" */
	LINE_WRONG,   /* a known line that holds no number, or an absurd one */
	LINE_BINARY   /* a NUL byte */
};

/* Limits of a number's value. */
enum line_check {
	CHECK_NONE,
	CHECK_EPOCH,   /* a wall time, 1990 to 2200 */
	CHECK_DURATION /* not negative, at most 200 years of seconds */
};

struct task_line {
	enum line_kind kind;
	bool known; /* by its key or form, rather than any "key: number" */
	enum task_status status; /* of LINE_STATUS */
	size_t name_n;           /* of LINE_NAME: bytes of "<PF>: <task>" */
	/* the number, if number_n > 0 */
	struct slice key;
	size_t number_at, number_n;
	enum num_form form;
	int64_t value;
	enum line_check check;
	const char *wrong; /* of LINE_WRONG: what the value is not */
};

/* Longest key of a metric and longest unit behind a number, in bytes. */
#define KEY_MAX 64
#define UNIT_MAX 24

/* line without its LF; name is "<PF>: <task>". */
void task_line_read(
    struct task_line *out, struct slice line, struct slice name);

/* Does a value keep to its limits? */
bool line_check_value(enum line_check check, enum num_form form, int64_t value);

#endif
