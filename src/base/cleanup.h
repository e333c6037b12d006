/* cleanup.h: scoped destructors; put one before a variable's declaration. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Makes NAME, a cleanup function that calls FREE on a TYPE pointer. */
#define DEFINE_CLEANUP(type, name, free_fn)                                    \
	static inline void name(type *p)                                       \
	{                                                                      \
		if (*p)                                                        \
			free_fn(*p);                                           \
	}                                                                      \
	_Static_assert(1, "")

static inline void
cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void
cleanup_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void
cleanup_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

#endif
