/* body.c: see body.h. */
#include "web/body.h"

#include <inttypes.h>

#include "archive/inflate.h"
#include "base/arena.h"
#include "base/cleanup.h"

DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);

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

enum err
body_read_whole(struct exchange *x, uint64_t max, struct slice *out)
{
	CLEANUP(cleanup_inflate)
	struct inflate *in = inflate_new(max, body_read, x);
	struct slice piece = {"", 0};
	struct buf text = BUF_INIT;
	enum err err;

	while (
	    (err = inflate_next(in, &piece, &x->ei)) == ERR_OK && piece.n > 0)
		buf_add(&text, piece.p, piece.n);
	if (err == ERR_OK)
		*out = (struct slice){
		    arena_strndup(x->arena, text.data, text.len), text.len};
	buf_clear(&text);
	return err;
}
