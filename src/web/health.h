/* health.h: what waits to be done behind the uploads; for /health and
 * /stats.prom. */
#ifndef WEB_HEALTH_H
#define WEB_HEALTH_H

#include "web/exchange.h"

/* Ages are those of the oldest, in seconds. */
struct queues {
	int64_t logs; /* whose words aren't in the search yet */
	double logs_age;
	int64_t step_builds, step_recipes; /* whose steps are to be found */
	double step_age;                   /* of what is overdue, seconds */
	int64_t live; /* builds that report task by task and haven't ended */
	int64_t due;  /* of them: there is something to fold */
	int64_t spool_bytes; /* of this machine, not in the database yet */
	double spool_age;
};

enum err queues_read(struct exchange *x, struct queues *q) MUST_CHECK;

#endif
