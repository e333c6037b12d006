/* target.h: the server, as the person wrote it, and where uploads go. */
#ifndef CLIENT_TARGET_H
#define CLIENT_TARGET_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

struct target {
	const char *base;   /* "http://host:8080/buildstats", no last slash */
	const char *upload; /* base + "/upload" */
	bool bare;          /* the URL had no path */
	bool exposed;       /* plain http to another machine */
};

/*
 * ERR_INPUT for what is no http or https URL of a host and a path, with or
 * without a last slash.
 */
enum err target_read(struct arena *a, const char *server, struct target *out,
    struct errinfo *ei) MUST_CHECK;

#endif
