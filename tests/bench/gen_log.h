/*
 * gen_log.h: made-up logs of failed tasks that look like real ones: bitbake's
 * own lines, configure or a compiler's command lines, warnings, and an error
 * that one of many problems causes, on one of many machines and builders.
 */
#ifndef BENCH_GEN_LOG_H
#define BENCH_GEN_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* What failure number i is about; the texts are static. */
struct gen_failure {
	const char *recipe, *task;
	char machine[24], distro[24], builder[24], version[24];
	size_t problem; /* popular ones come often: Zipf */
};

#define GEN_PROBLEMS 3000

/* The same number always gives the same failure and log. */
void gen_failure(struct gen_failure *out, uint64_t number);

/* Appends its log: `bytes` of them, or, if that is 0, as many as real ones
 * have: 17 KB on average, log-normal. */
void gen_log(struct buf *out, const struct gen_failure *f, uint64_t number,
    size_t bytes);

/* Appends the document of report-error.bbclass with this one failure, as
 * send-error-report sends it: sorted and indented. */
void gen_report(struct buf *out, uint64_t number, size_t log_bytes);

#endif
