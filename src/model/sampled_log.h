/*
 * sampled_log.h: reads a run's sampled logs (reduced_proc_*.log,
 * monitor_disk.log) into series, as a stream: memory goes into samples only.
 *
 * Errors of the source data that are known are repaired here, and the flags
 * of the series say so.
 */
#ifndef MODEL_SAMPLED_LOG_H
#define MODEL_SAMPLED_LOG_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct sampled_log;

/* Interfaces or volumes of one log. */
#define SUBJECTS_MAX 256

/*
 * file, borrowed, names the log in errors; subject is that of a pressure log,
 * "" otherwise.  Lives in a, which should have a cap.
 */
struct sampled_log *sampled_log_new(struct arena *a, enum series_kind kind,
    const char *file, const char *subject);

/* The next piece, cut anywhere. */
enum err sampled_log_add(struct sampled_log *log, const char *data, size_t n,
    struct errinfo *ei) MUST_CHECK;

/* The end: *n series, none if the log has no sample. */
struct series *sampled_log_end(struct sampled_log *log, size_t *n);

#endif
