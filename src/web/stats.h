/* stats.h: what the workers count; written by one each, read by any. */
#ifndef WEB_STATS_H
#define WEB_STATS_H

#include <stddef.h>
#include <stdint.h>

#define STATS_ROUTES 96
#define STATS_CLASSES 6 /* of the status: 4 is 4xx */

struct stats {
	uint64_t requests[STATS_ROUTES][STATS_CLASSES];
	uint64_t microseconds[STATS_ROUTES];
	uint64_t bytes_sent;
	uint64_t uploads;
	uint64_t uploaded_bytes;
	uint64_t uploaded_builds;
	uint64_t uploaded_tasks;
	uint64_t queries;
	uint64_t live_events; /* acknowledged, see oestats.h */
	/* of the background process */
	int64_t round; /* when it last began one, µs */
	uint64_t applied_events;
	uint64_t folds;
	uint64_t indexed_logs;
	uint64_t step_recipes; /* whose steps were found */
};

#endif
