/* run_parts.h: the inside of a run, shared by run.c and run_finish.c. */
#ifndef MODEL_RUN_PARTS_H
#define MODEL_RUN_PARTS_H

#include "base/buf.h"
#include "model/build_stats_file.h"
#include "model/intern.h"
#include "model/run.h"

struct run {
	struct arena *arena;
	const struct bundle_limits *limits;
	struct slice dir;
	struct task_files *tasks;
	bool has_stats;
	struct slice stats_text;
	struct build_stats stats;
	struct intern seen; /* logs and texts */
	size_t nseries, series_cap;
	struct series *series;
	size_t ntexts, texts_cap;
	struct build_text *texts;
	size_t nrepairs, repairs_cap;
	const char **repairs;
	bool has_net_log, has_nvme;
	/* the stream at hand: a log, or a text */
	struct sampled_log *log;
	const char *log_name;
	struct zstd_stream *zstd;
	struct buf packed;
	size_t nvme_seen; /* letters of "nvme" */
	size_t nodd, odd_cap;
	struct odd_line *odd;
	size_t nnumbers, numbers_cap;
	struct build_number *numbers;
	struct build build;
};

/* Puts what logs and reports tell of its failures into r->build, whose tasks
 * are finished. */
void run_finish_told(struct run *r, const struct beside *beside,
    const struct scope_answer *answer);

/* Notes what was repaired or left out, one sentence. */
void run_repair(struct run *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
