/* gen_series.h: the sampled logs of a generated build. */
#ifndef BENCH_GEN_SERIES_H
#define BENCH_GEN_SERIES_H

#include <stdint.h>

#include "rng.h"

struct buf;

enum gen_log {
	GEN_LOG_STAT,
	GEN_LOG_MEMINFO,
	GEN_LOG_DISKSTATS,
	GEN_LOG_NET,
	GEN_LOG_DISK,
	GEN_LOG_PSI_CPU,
	GEN_LOG_PSI_IO,
	GEN_LOG_PSI_MEMORY,
	GEN_LOG_COUNT
};

/* The file's path below the run's directory. */
const char *gen_log_path(enum gen_log log);

/* Appends the log from start to end (epoch seconds) of a machine that runs
 * `threads` tasks at once. */
void gen_log_write(struct buf *out, enum gen_log log, int64_t start,
    int64_t end, unsigned threads, struct rng *r);

#endif
