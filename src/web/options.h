/*
 * options.h: how the worker was started.  Each option is also a variable:
 * --max-upload is BUILDSTATS_MAX_UPLOAD.
 */
#ifndef WEB_OPTIONS_H
#define WEB_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *db;
	const char *socket; /* NULL: the socket is fd 0 */
	int64_t socket_mode;
	int64_t workers;
	const char *base;
	const char *site; /* NULL: from the request */
	const char *xsl_dir;
	bool anonymous_upload;
	int64_t max_upload;
	const char *spool; /* NULL: none */
	int64_t silent;    /* seconds until a running build is incomplete */
	bool background;
	unsigned mask;   /* rules of model/mask.h */
	const char *raw; /* directory; NULL: uploads are not kept */
	int64_t raw_days;
	int64_t raw_max; /* bytes of all of them; 0: any number */
	bool access_log;
	bool debug;
	bool list_routes;
};

/*
 * Reads environment and arguments.  Returns -1 to go on, or the status to
 * exit with: 0 after --help and --version, 2 for wrong usage, which it has
 * complained about.
 */
int options_read(struct options *out, int argc, char **argv);

#endif
