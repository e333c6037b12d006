/*
 * multipart.h: reads a body of multipart/form-data as a stream.
 *
 * Parts are handed out while they come, in pieces, so that a file of any size
 * takes no memory here.  Limits: a boundary of 200 bytes, 64 parts, 4 KiB of
 * headers a part.
 */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct multipart;

#define MULTIPART_BOUNDARY_MAX 200
#define MULTIPART_PARTS_MAX 64
#define MULTIPART_HEADERS_MAX 4096

/* Texts are borrowed until the call returns. */
struct multipart_sink {
	/* filename is NULL for what is a field and no file. */
	enum err (*begin)(void *arg, const char *name, const char *filename,
	    struct errinfo *ei);
	enum err (*data)(
	    void *arg, const void *data, size_t n, struct errinfo *ei);
	enum err (*end)(void *arg, struct errinfo *ei);
	void *arg;
};

/* The boundary that a Content-Type header names, borrowed from it; false if it
 * is not multipart/form-data or names none. */
bool multipart_boundary(const char *content_type, struct slice *out);

/* boundary and sink are copied. */
struct multipart *multipart_new(
    struct slice boundary, const struct multipart_sink *sink);
void multipart_free(struct multipart *m);

/* The next bytes of the body.  ERR_INPUT if they are not what they should be,
 * ERR_TOO_BIG beyond a limit, or what the sink returned. */
enum err multipart_add(struct multipart *m, const void *data, size_t n,
    struct errinfo *ei) MUST_CHECK;

/* The body is over; ERR_INPUT unless its last boundary was seen. */
enum err multipart_end(struct multipart *m, struct errinfo *ei) MUST_CHECK;

#endif
