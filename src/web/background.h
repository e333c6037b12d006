/*
 * background.h: the process beside the workers that does what nobody should
 * wait for: it reads the spool of this machine into the database, folds live
 * builds, and puts the words of logs into the search.
 */
#ifndef WEB_BACKGROUND_H
#define WEB_BACKGROUND_H

#include "web/exchange.h"

/* Works until SIGTERM or SIGINT; returns the status to exit with. */
int background_run(struct app *app);

#endif
