/*
 * fcgi.h: the FastCGI side of a worker; fcgi.c is the only user of libfcgi.
 */
#ifndef WEB_FCGI_H
#define WEB_FCGI_H

#include "web/exchange.h"

/* Makes a listening unix socket, in place of one that is there; -1 on failure
 * with ei set. */
int fcgi_listen(const char *path, unsigned mode, struct errinfo *ei);

/*
 * Serves requests from the socket until SIGTERM or SIGINT, the current one to
 * its end.  Returns the status to exit with.
 */
struct fcgi_hooks {
	void (*reload)(struct app *app); /* after SIGHUP, between requests */
	void (*idle)(struct app *app);   /* before the first, and after each:
					    the client has its answer */
};
int fcgi_loop(struct app *app, int sock, const struct fcgi_hooks *hooks);

#endif
