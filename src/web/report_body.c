/* report_body.c: see report_body.h. */
#include "web/report_body.h"

#include <string.h>
#include <strings.h>

#include "archive/inflate.h"
#include "base/cleanup.h"
#include "model/report_input.h"
#include "web/body.h"

DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);
DEFINE_CLEANUP(struct report_input *, cleanup_input, report_input_free);

struct source {
	struct exchange *x;
	struct raw *raw;
};

static long
read_raw(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct source *s = arg;
	long got = body_read(s->x, into, n, ei);

	if (got > 0)
		raw_add(s->raw, into, (size_t)got);
	return got;
}

/* What else may be said, we can't read. */
static enum err
check_encoding(struct exchange *x)
{
	static const char *const known[] = {
	    "", "identity", "gzip", "x-gzip", "zstd", "bzip2", "xz"};
	const char *encoding = x->io->env(x->io->arg, "HTTP_CONTENT_ENCODING");

	if (encoding == NULL)
		return ERR_OK;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(encoding, known[i]) == 0)
			return ERR_OK;
	return err_set(&x->ei, ERR_UNSUPPORTED,
	    "The Content-Encoding %.40s is not known here; gzip and zstd are.",
	    encoding);
}

enum err
report_body_read(
    struct exchange *x, struct arena *a, struct raw *raw, struct report *out)
{
	CLEANUP(cleanup_input)
	struct report_input *in = report_input_new(a, x->app->opt->mask);
	CLEANUP(cleanup_inflate) struct inflate *f = NULL;
	struct source source = {x, raw};
	struct slice piece;
	enum err err = check_encoding(x);

	if (err != ERR_OK)
		return err;
	f = inflate_new((uint64_t)REPORT_BODY_MAX, read_raw, &source);
	do {
		err = inflate_next(f, &piece, &x->ei);
		if (err == ERR_OK)
			err = report_input_add(in, piece, &x->ei);
	} while (err == ERR_OK && piece.n > 0);
	return err == ERR_OK ? report_input_end(in, out, &x->ei) : err;
}
