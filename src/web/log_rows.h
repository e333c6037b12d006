/* log_rows.h: lines of a log in a document (docs/pages.md, "A log"). */
#ifndef WEB_LOG_ROWS_H
#define WEB_LOG_ROWS_H

#include "model/log_read.h"
#include "web/page.h"

struct log_rows {
	size_t n;
	const struct log_line *line;
	uint32_t current;   /* the line that the view is about; 0: none */
	const char *needle; /* shown where it occurs; "" for none */
};

/* Adds <lines>: what a terminal would show of each. */
void log_rows_add(struct page_context *cx, const struct log_rows *rows);

/* How wide its numbers are; numbers stand in a column. */
int log_rows_digits(uint32_t last);

/* At most `max` bytes of a line, as clean text; of a long one that part in
 * which the needle is. */
const char *log_rows_hit(
    struct arena *a, struct slice line, const char *needle, size_t max);

#endif
