/*
 * http.h: just enough HTTP/1.1 to load a server on this machine: connections
 * that stay open, answers with a length or in chunks.  For servers that we
 * trust; never part of the product.
 */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* An answer as far as it has come. */
struct http_answer {
	struct buf raw;
	size_t body;   /* where it starts in raw, 0 while unknown */
	size_t length; /* of the body; SIZE_MAX: in chunks */
	int status;
	bool closing; /* the server will close the connection */
};

/* A connection to a port of 127.0.0.1; -1 if there is nobody. */
int http_connect(unsigned port);
bool http_send_all(int fd, const void *data, size_t n);

/*
 * Reads once.  1: the answer is complete; 0: more to come; -1: the connection
 * broke.  http_answer_next makes ready for another.
 */
int http_answer_read(struct http_answer *a, int fd);
void http_answer_next(struct http_answer *a);

#endif
