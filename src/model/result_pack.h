/*
 * result_pack.h: how cases are stored.
 *
 * The names of a group are a list of their own (result_names), which is the
 * same as long as no case comes or goes:
 *
 *   varint length, the group's name; varint n; n times: varint bytes shared
 *   with the name before, varint length of the rest, the rest
 *
 * What a run says of its cases, in the order of its groups:
 *
 *   1 (the version); varint groups, for each: varint cases;
 *   a byte a case: its status, 0x80: it has a log;
 *   for each case varint 1 + microseconds, 0: not said;
 *   varint suites, for each: kind, name, exit status (varint length, bytes),
 *   varint 1 + microseconds, a byte of flags (1 timeout, 2 log), varint bytes
 *   of the log
 *
 * Both are packed with zstd.
 */
#ifndef MODEL_RESULT_PACK_H
#define MODEL_RESULT_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "model/result.h"

struct arena;

/* Appends, packed. */
void result_pack_names(struct buf *out, const struct result_run *run,
    const struct result_group *g);
void result_pack_cases(struct buf *out, const struct result_run *run);

/*
 * Reads both back into run: groups, cases, suites and their numbers; names[i]
 * is the list of group i.  ERR_INTERNAL if they are damaged.
 */
enum err result_unpack(struct arena *a, const struct slice *names,
    size_t nnames, struct slice cases, struct result_run *run,
    struct errinfo *ei) MUST_CHECK;

#endif
