/*
 * log_text.c: /f/CODE/text, a log as it is stored, byte by byte.
 *
 * It goes out in the pieces it is stored in, so that memory doesn't grow with
 * it; a range reads only the pieces that it touches (RFC 9110, one range).
 */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/failure_code.h"
#include "web/byte_range.h"
#include "web/exchange.h"
#include "web/failure_log.h"
#include "web/response.h"

struct sending {
	struct exchange *x;
	uint64_t sent;
};

static enum err
send_piece(void *arg, struct slice piece, struct errinfo *ei)
{
	struct sending *s = arg;

	(void)ei;
	response_piece(s->x, piece);
	s->sent += piece.n;
	return ERR_OK;
}

static enum err
send_range(struct exchange *x, const struct log_info *log,
    struct log_range range, int status)
{
	struct sending s = {x, 0};
	enum err err;

	response_begin(x, status, TYPE_TEXT, (int64_t)range.n);
	if (x->req.method == METHOD_HEAD || range.n == 0)
		return ERR_OK;
	err = log_bytes(x->app->db, log->id, range, send_piece, &s, &x->ei);
	if (err == ERR_OK && s.sent != range.n)
		err = err_set(
		    &x->ei, ERR_INTERNAL, "A part of log %d is gone.", log->id);
	return err;
}

/* "zlib-do_compile-2k7x4q.log": names of recipes and tasks may be anything. */
static char *
file_name(struct arena *a, const struct failure_row *f)
{
	char code[FAILURE_CODE_MAX];
	char *name = arena_printf(a, "%s-%s.log", failure_log_subject(a, f),
	    failure_code(code, f->id));

	for (char *p = name; *p != '\0'; p++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz0123456789._+-",
			*p) == NULL)
			*p = '-';
	return name;
}

static void
add_headers(struct exchange *x, const struct failure_log *f, const char *etag)
{
	response_header(x, "ETag: %s", etag);
	response_header(x, "Accept-Ranges: bytes");
	response_header(x, "X-Content-Type-Options: nosniff");
	response_header(x, "Content-Disposition: inline; filename=\"%.200s\"",
	    file_name(x->arena, &f->failure));
}

static const char *
header(struct exchange *x, const char *name)
{
	return x->io->env(x->io->arg, name);
}

static enum err
send_part(struct exchange *x, const struct log_info *log, const char *etag)
{
	struct log_range range = {0, log->size};
	const char *only_if = header(x, "HTTP_IF_RANGE");
	enum byte_range got = BYTE_RANGE_ALL;

	if (x->req.method == METHOD_GET &&
	    (only_if == NULL || strcmp(only_if, etag) == 0))
		got = byte_range_read(
		    header(x, "HTTP_RANGE"), log->size, &range.start, &range.n);
	switch (got) {
	case BYTE_RANGE_ALL:
		break;
	case BYTE_RANGE_PART:
		response_header(x,
		    "Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64,
		    range.start, range.start + range.n - 1, log->size);
		return send_range(x, log, range, 206);
	case BYTE_RANGE_BEYOND:
		x->header = NULL; /* they speak of the log */
		response_header(
		    x, "Content-Range: bytes */%" PRIu64, log->size);
		x->error_status = 416;
		return err_set(&x->ei, ERR_INPUT,
		    "The log has %" PRIu64 " bytes only.", log->size);
	}
	return send_range(x, log, (struct log_range){0, log->size}, 200);
}

enum err
handle_log_text(struct exchange *x)
{
	struct failure_log f;
	char hex[65];
	const char *etag;
	enum err err = failure_log_find(
	    x->app->db, x->arena, x->req.capture[0], &f, &x->ei);

	if (err != ERR_OK)
		return err;
	str_to_hex(hex, f.log.sha256, sizeof(f.log.sha256));
	etag = arena_printf(x->arena, "\"%s\"", hex);
	add_headers(x, &f, etag);
	if (byte_range_has_tag(header(x, "HTTP_IF_NONE_MATCH"), etag)) {
		response_begin(x, 304, TYPE_TEXT, -1);
		return ERR_OK;
	}
	return send_part(x, &f.log, etag);
}
