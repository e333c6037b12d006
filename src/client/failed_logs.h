/*
 * failed_logs.h: the logs of the tasks of a run that failed.
 *
 * Which failed, build_stats says.  Where their logs are, a console log of the
 * run tells ("Logfile of failure stored in:"); else they are looked for where
 * bitbake puts them, work/ARCH/RECIPE/VERSION/temp/log.TASK.PID, and in logs/
 * of an archive.  A log that was written before or after the run is another
 * run's and not taken.
 */
#ifndef CLIENT_FAILED_LOGS_H
#define CLIENT_FAILED_LOGS_H

#include "client/beside.h"

/* Of one upload, as they lie on disk; what is beyond is said and left out. */
#define FAILED_LOG_MAX ((int64_t)128 << 20)
#define FAILED_LOGS_MAX ((int64_t)512 << 20)
#define FAILED_LOGS_COUNT 1000

/* Adds them to out, in which the console log is already.  tmpdir: where work/
 * and logs/ are, or NULL. */
void failed_logs_find(struct arena *a, const struct run *run,
    const char *tmpdir, struct beside *out);

#endif
