/* stop.h: the wish to end, from SIGTERM, SIGINT or SIGHUP, as a file
 * descriptor that poll can wait for. */
#ifndef CLIENT_STOP_H
#define CLIENT_STOP_H

#include <stdbool.h>

/* From now on these signals end nothing by themselves. */
void stop_init(void);
/* Readable once a signal came; -1 before stop_init. */
int stop_fd(void);
bool stop_requested(void);

#endif
