/* prefork.h: a parent that keeps a number of workers alive. */
#ifndef WEB_PREFORK_H
#define WEB_PREFORK_H

#include <stddef.h>

/*
 * Runs n processes of work(arg, number) and, if it is given, one of aside(arg),
 * starts those anew that end, passes SIGHUP on, and ends all of them on SIGTERM
 * or SIGINT.  Returns the status to exit with.
 */
struct prefork {
	size_t n;
	int (*work)(void *arg, size_t number);
	int (*aside)(void *arg);   /* or NULL */
	void (*reload)(void *arg); /* in the parent, after SIGHUP */
	void *arg;
};
int prefork_run(const struct prefork *what);

#endif
