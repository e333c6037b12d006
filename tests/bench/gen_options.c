/* gen_options.c: reads the generator's options. */
#include "gen_options.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

static bool
take_count(const char *arg, uint64_t lo, uint64_t hi, uint64_t *v)
{
	return str_to_u64(arg, strlen(arg), v) && *v >= lo && *v <= hi;
}

static bool
take_share(const char *arg, double *v)
{
	return str_to_double(arg, strlen(arg), v) && *v >= 0 && *v <= 1;
}

static bool
take_start(const char *arg, int64_t *seconds)
{
	int64_t us;

	if (!str_to_time(arg, strlen(arg), &us))
		return false;
	*seconds = us / 1000000;
	return true;
}

bool
gen_cli_take(struct gen_cli *cli, int c, const char *arg)
{
	struct gen_options *o = &cli->o;
	uint64_t n;

	switch (c) {
	case GO_TASKS:
		return take_count(arg, 1, 1000000, &n) && (o->tasks = n);
	case GO_METRICS:
		return take_count(arg, 25, 30, &n) &&
		       (o->metrics = (unsigned)n);
	case GO_THREADS:
		return take_count(arg, 1, 1024, &n) &&
		       (o->threads = (unsigned)n);
	case GO_SEED:
		return take_count(arg, 0, UINT64_MAX, &o->seed);
	case GO_START:
		return take_start(arg, &o->start);
	case GO_INTERVAL:
		return take_count(arg, 1, 1000000, &n) &&
		       (o->interval = (int64_t)n);
	case GO_INCREMENTAL:
		return take_share(arg, &o->incremental);
	case GO_FAILING:
		return take_share(arg, &o->failing);
	case GO_NO_SAMPLES:
		o->samples = 0;
		return true;
	case GO_MODEL:
		cli->model = arg;
		return true;
	default:
		return false;
	}
}
