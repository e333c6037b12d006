/*
 * hints.h: what the kernel tells about changes in the watched directories.
 *
 * Hints only make the watcher look sooner: without inotify, or when its queue
 * runs over, it still looks every half minute.
 */
#ifndef CLIENT_HINTS_H
#define CLIENT_HINTS_H

#include <stdbool.h>

struct hints;

struct hints *hints_new(void);
void hints_free(struct hints *h);
/* To poll for reading; -1 without inotify. */
int hints_fd(const struct hints *h);

/* Names anew all that is watched; what is not named again is forgotten. */
void hints_begin(struct hints *h);
/* Directories, tars and names that come or go in a directory. */
void hints_dir(struct hints *h, const char *path);
/* One name in a directory. */
void hints_name(struct hints *h, const char *dir, const char *name);
/* The content of a file; who is handed to `changed`. */
void hints_file(struct hints *h, const char *path, void *who);
void hints_end(struct hints *h);

/*
 * Takes what has come, without waiting.  True when directories should be
 * searched again.
 */
bool hints_read(
    struct hints *h, void (*changed)(void *arg, void *who), void *arg);

#endif
