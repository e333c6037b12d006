/*
 * options.h: what the person asked for.
 *
 * One table (options.c) makes the command line, the environment variables,
 * the configuration files and --help.  A later source wins: system file, the
 * user's file, environment, command line.
 */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct arena;

struct option_list {
	size_t n, cap;
	const char **text;
};

struct options {
	const char *server; /* as given; see target.h */
	const char *token, *spool, *state, *config;
	const char *builder, *machine, *distro, *ci_url;
	const char *proxy, *cacert, *mask, *save;
	struct option_list tags;
	bool insecure, flush, follow, dry_run, watch, force, quiet, verbose;
	bool failures, no_logs, no_event_log;
	unsigned mask_rules; /* of mask.h, as `mask` says */
	bool help, version;
	unsigned retries, retry_max_time, timeout, settle;
	size_t npaths;
	char **paths; /* borrowed from argv */
};

enum option_source { FROM_SYSTEM, FROM_USER, FROM_ENV, FROM_ARGV };

/* Defaults. */
void options_init(struct options *o);

/*
 * Reads everything: the files, the environment and argv; texts live in a.
 * ERR_INPUT with "what: why".  With --help or --version only argv is read.
 */
enum err options_read(struct arena *a, struct options *o, int argc, char **argv,
    struct errinfo *ei) MUST_CHECK;

/*
 * Reads the text of a configuration file: lines "key = value", comments from
 * '#' at the start of a line.  Errors name file and line.
 */
enum err options_read_text(struct arena *a, struct options *o,
    enum option_source source, const char *file, struct slice text,
    struct errinfo *ei) MUST_CHECK;

/* Prints the help text on stdout. */
void options_help(void);

#endif
