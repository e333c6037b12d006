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
 * its end.  reload is called after SIGHUP, between two requests.  Returns the
 * status to exit with.
 */
int fcgi_loop(struct app *app, int sock, void (*reload)(struct app *app));

#endif
