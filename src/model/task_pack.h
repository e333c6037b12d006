/*
 * task_pack.h: task_block_encode in a thread of its own, so that the tasks of a
 * large build are packed while the database takes in the rest.
 *
 * Between start and end nobody else may use zstd_pack, and the build must
 * stay as it is.
 */
#ifndef MODEL_TASK_PACK_H
#define MODEL_TASK_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "model/build.h"

struct task_pack;

struct task_pack *task_pack_start(const struct build *b);

/* Waits until it is done; the two strings live until task_pack_free. */
enum err task_pack_end(struct task_pack *p, struct slice *core,
    struct slice *columns, struct errinfo *ei) MUST_CHECK;

void task_pack_free(struct task_pack *p); /* waits, too */

#endif
