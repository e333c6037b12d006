/* gen_options.h: the generator's options, shared by the bench programs. */
#ifndef BENCH_GEN_OPTIONS_H
#define BENCH_GEN_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "gen.h"

struct gen_cli {
	struct gen_options o;
	const char *model; /* directory of names.txt and model.txt */
};

#define GEN_CLI_INIT                                                           \
	{                                                                      \
		gen_options_default, BENCH_MODEL_DIR                           \
	}

enum {
	GO_TASKS = 1000,
	GO_METRICS,
	GO_THREADS,
	GO_SEED,
	GO_START,
	GO_INTERVAL,
	GO_INCREMENTAL,
	GO_FAILING,
	GO_NO_SAMPLES,
	GO_MODEL
};

#define GEN_OPTIONS_LONG                                                       \
	{"tasks", required_argument, NULL, GO_TASKS},                          \
	    {"metrics", required_argument, NULL, GO_METRICS},                  \
	    {"threads", required_argument, NULL, GO_THREADS},                  \
	    {"seed", required_argument, NULL, GO_SEED},                        \
	    {"start", required_argument, NULL, GO_START},                      \
	    {"interval", required_argument, NULL, GO_INTERVAL},                \
	    {"incremental", required_argument, NULL, GO_INCREMENTAL},          \
	    {"failing", required_argument, NULL, GO_FAILING},                  \
	    {"no-samples", no_argument, NULL, GO_NO_SAMPLES},                  \
	{                                                                      \
		"model", required_argument, NULL, GO_MODEL                     \
	}

#define GEN_OPTIONS_USAGE                                                      \
	"[--tasks N] [--metrics 25|30]\n    [--threads N] [--seed N] "         \
	"[--start YYYY-MM-DD] [--interval SECONDS]\n    "                      \
	"[--incremental SHARE] [--failing SHARE] [--no-samples] [--model DIR]"

/* Takes option c of getopt_long; false if it isn't one of these, or bad. */
bool gen_cli_take(struct gen_cli *cli, int c, const char *arg);

#endif
