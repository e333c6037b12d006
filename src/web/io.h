/*
 * io.h: the side of a request that the transport knows: FastCGI in the
 * program (fcgi.c), memory in the tests.
 */
#ifndef WEB_IO_H
#define WEB_IO_H

#include <stddef.h>

struct io {
	/* A CGI variable, borrowed until the request ends; NULL if not set. */
	const char *(*env)(void *arg, const char *name);
	/* Up to n bytes of the body; 0 at its end, -1 if it broke off. */
	long (*read)(void *arg, void *into, size_t n);
	void (*write)(void *arg, const void *data, size_t n);
	void *arg;
};

#endif
