/*
 * follow_tasks.h: task files as the columns of a "tasks" event, which
 * docs/protocol.md describes.
 */
#ifndef CLIENT_FOLLOW_TASKS_H
#define CLIENT_FOLLOW_TASKS_H

#include "base/buf.h"
#include "base/err.h"
#include "model/intern.h"

struct build;

/*
 * Appends the members of the event, from "packages" on, without braces.  b has
 * been filled by task_files_finish; shapes whose marks are in `known` are
 * named by them, the others are sent whole, and their marks appended to `told`.
 */
enum err follow_tasks_write(struct arena *a, const struct build *b,
    const struct intern *known, struct intern *told, struct buf *out,
    struct errinfo *ei) MUST_CHECK;

#endif
