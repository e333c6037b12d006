/* event_log_message.h: the texts of bitbake's events; of event_log.h alone. */
#ifndef MODEL_EVENT_LOG_MESSAGE_H
#define MODEL_EVENT_LOG_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "model/pickle.h"

struct arena;

/* Levels of bitbake's log: 21 goes to the console as it is. */
#define EVENT_LEVEL_PLAIN 21
#define EVENT_LEVEL_WARNING 29 /* 29: said once, 30 */
#define EVENT_LEVEL_ERROR 39   /* 39: said once, 40, 50 */
#define EVENT_BANNER_MAX ((size_t)16 << 10)
#define EVENT_FORMAT_MAX ((size_t)256 << 10) /* of a text in the making */

/* A LogRecord's msg with its args put in, as Python's % does. */
void event_log_format(struct buf *out, const struct pickle *record);

/* "Nothing PROVIDES 'x' (but a, b DEPENDS on or otherwise requires it)" */
void event_log_no_provider(struct buf *out, const struct pickle *event);

/* "QA Issue: ... [class]": the class; "" if it is no QA issue. */
const char *event_log_qa_class(struct arena *a, struct slice text);

/* "Sstate summary: Wanted 12 Local 3 ...": a number by the word before it;
 * false if it isn't there. */
bool event_log_summary(struct slice text, const char *word, int64_t *out);

#endif
