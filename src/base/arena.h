/*
 * arena.h: memory with the life of a request or an upload.
 *
 * "struct arena *" as the first parameter of a function means: the result
 * lives there.  Nothing is freed singly.  arena_alloc never returns NULL:
 * running out of memory ends the process (the service manager restarts it);
 * passing the soft cap sets a flag that loops over hostile input check with
 * arena_over() and turn into ERR_TOO_BIG.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;

/* A new, empty arena; cap in bytes, 0 for none.  Free with arena_free. */
struct arena *arena_new(size_t cap);
void arena_free(struct arena *a);

/* Forgets all contents; keeps one block, so that steady use costs no mmap. */
void arena_reset(struct arena *a);

/* n bytes aligned to 16, not cleared / cleared / n elements, cleared. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc));
void *arena_zalloc(struct arena *a, size_t n) __attribute__((malloc));
void *arena_calloc(struct arena *a, size_t n, size_t size)
    __attribute__((malloc));

/*
 * Grows an array of `size`-byte elements so that it holds at least `want`:
 * returns the array (moved when needed, old contents copied) and updates
 * *cap.  p may be NULL with *cap 0.
 */
void *arena_grow(
    struct arena *a, void *p, size_t *cap, size_t want, size_t size);

char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const void *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Bytes handed out since the last reset, and whether the cap was passed. */
size_t arena_used(const struct arena *a);
bool arena_over(const struct arena *a);

#endif
