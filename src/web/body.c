/* body.c: see body.h. */
#include "web/body.h"

#include <inttypes.h>

enum err
body_check_length(struct exchange *x, int64_t max)
{
	if (x->req.content_length < 0) {
		x->error_status = 411;
		return err_set(
		    &x->ei, ERR_INPUT, "The upload has no Content-Length.");
	}
	if (x->req.content_length == 0)
		return err_set(&x->ei, ERR_INPUT, "The upload is empty.");
	if (x->req.content_length > max)
		return err_set(&x->ei, ERR_TOO_BIG,
		    "The upload has %" PRId64 " bytes; up to %" PRId64
		    " are taken.",
		    x->req.content_length, max);
	return ERR_OK;
}

long
body_read(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct exchange *x = arg;
	int64_t left = x->req.content_length - x->taken;
	long got;

	if (left == 0)
		return 0;
	if ((uint64_t)left < n)
		n = (size_t)left;
	got = x->io->read(x->io->arg, into, n);
	if (got <= 0) {
		err_set(ei, ERR_INPUT,
		    "The upload broke off after %" PRId64 " of %" PRId64
		    " bytes.",
		    x->taken, x->req.content_length);
		return -1;
	}
	x->taken += got;
	return got;
}
