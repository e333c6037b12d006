/*
 * receipt_raw.c: /receipt/CODE/raw, an upload as it came.
 *
 * It is what the sender sent, unmasked, and receipts are passed around: so it
 * is given to who holds a token, as a file to be saved, never as something a
 * browser would show.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/raw.h"
#include "web/auth.h"
#include "web/exchange.h"
#include "web/receipt_find.h"
#include "web/response.h"

#define PIECE ((size_t)64 << 10)

static enum err
send_file(struct exchange *x, int fd, int64_t left)
{
	char *piece = arena_alloc(x->arena, PIECE);

	response_begin(x, 200, "application/octet-stream", left);
	while (left > 0 && x->req.method != METHOD_HEAD) {
		size_t want = (uint64_t)left < PIECE ? (size_t)left : PIECE;
		ssize_t n = read(fd, piece, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(&x->ei, ERR_INTERNAL,
			    "A kept upload can't be read to its end.");
		response_piece(x, (struct slice){piece, (size_t)n});
		left -= n;
	}
	return ERR_OK;
}

enum err
handle_receipt_raw(struct exchange *x)
{
	CLEANUP(cleanup_fd) int fd = -1;
	struct receipt_row receipt;
	struct stat st;
	const char *builder;
	enum err err = auth_token(x,
	    "A kept upload is not masked: it takes a token to have it.",
	    &builder);

	if (err == ERR_OK)
		err = receipt_find(
		    x->app->db, x->arena, x->req.capture[0], &receipt, &x->ei);
	if (err == ERR_OK)
		err = raw_open(x->app->opt->raw, receipt.raw, &fd, &x->ei);
	if (err != ERR_OK)
		return err;
	if (fstat(fd, &st) != 0)
		return err_set(&x->ei, ERR_INTERNAL, "A kept upload is gone.");
	response_header(x, "X-Content-Type-Options: nosniff");
	response_header(x,
	    "Content-Disposition: attachment; filename=\"buildstats-%s%s\"",
	    receipt.code,
	    strcmp(receipt.kind, "report") == 0 ? ".json" : ".upload");
	return send_file(x, fd, (int64_t)st.st_size);
}
