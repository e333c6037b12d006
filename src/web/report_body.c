/* report_body.c: see report_body.h. */
#include "web/report_body.h"

#include <string.h>
#include <strings.h>

#include "archive/inflate.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "web/body.h"

#define PIECE ((size_t)64 << 10)

DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);
DEFINE_CLEANUP(struct report_reader *, cleanup_reader, report_reader_free);

enum kind {
	KIND_UNKNOWN, /* nothing but blanks yet */
	KIND_FIELD,   /* so far it is the beginning of "data=" */
	KIND_JSON,
	KIND_FORM
};

struct report_body {
	struct exchange *x;
	struct raw *raw;
	struct report_reader *reader;
	enum kind kind;
	size_t matched; /* bytes of "data=" */
	/* of a form */
	bool ended;       /* another field follows */
	unsigned escaped; /* digits that a %XX has had, and the % itself */
	char digits[2];
	char plain[PIECE];
	size_t nplain;
};

static long
read_raw(void *arg, void *into, size_t n, struct errinfo *ei)
{
	struct report_body *b = arg;
	long got = body_read(b->x, into, n, ei);

	if (got > 0)
		raw_add(b->raw, into, (size_t)got);
	return got;
}

/* ---- a form ---- */

static enum err
flush(struct report_body *b)
{
	size_t n = b->nplain;

	b->nplain = 0;
	return n == 0 ? ERR_OK
		      : report_reader_add(b->reader, b->plain, n, &b->x->ei);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum err
add_plain(struct report_body *b, char c)
{
	b->plain[b->nplain++] = c;
	return b->nplain == PIECE ? flush(b) : ERR_OK;
}

static enum err
add_escaped(struct report_body *b, char c)
{
	int high, low;

	if (hex_digit(c) < 0)
		return err_set(&b->x->ei, ERR_INPUT,
		    "report: a bad escape in the form's field data");
	b->digits[b->escaped++ - 1] = c;
	if (b->escaped < 3)
		return ERR_OK;
	b->escaped = 0;
	high = hex_digit(b->digits[0]);
	low = hex_digit(b->digits[1]);
	return add_plain(b, (char)(high << 4 | low));
}

static enum err
add_form(struct report_body *b, struct slice s)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < s.n && !b->ended && err == ERR_OK; i++) {
		char c = s.p[i];
		if (b->escaped > 0)
			err = add_escaped(b, c);
		else if (c == '%')
			b->escaped = 1;
		else if (c == '&')
			b->ended = true;
		else
			err = add_plain(b, c == '+' ? ' ' : c);
	}
	return err;
}

/* ---- what it is ---- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A byte of the body's beginning. */
static enum err
sniff(struct report_body *b, char c)
{
	static const char field[] = "data=";

	if (b->kind == KIND_UNKNOWN && is_blank(c))
		return ERR_OK;
	if (b->kind == KIND_UNKNOWN && c == '{') {
		b->kind = KIND_JSON;
		return report_reader_add(b->reader, "{", 1, &b->x->ei);
	}
	if (c != field[b->matched])
		return err_set(&b->x->ei, ERR_INPUT,
		    "No valid data provided: a report is a JSON object, or the "
		    "field data of a form");
	b->matched++;
	b->kind = field[b->matched] == '\0' ? KIND_FORM : KIND_FIELD;
	return ERR_OK;
}

static enum err
add(struct report_body *b, struct slice s)
{
	enum err err = ERR_OK;

	while (s.n > 0 && err == ERR_OK && b->kind < KIND_JSON) {
		err = sniff(b, s.p[0]);
		s.p++;
		s.n--;
	}
	if (err != ERR_OK || s.n == 0)
		return err;
	return b->kind == KIND_JSON
		   ? report_reader_add(b->reader, s.p, s.n, &b->x->ei)
		   : add_form(b, s);
}

static enum err
end(struct report_body *b, struct report *out)
{
	enum err err;

	if (b->kind < KIND_JSON)
		return err_set(&b->x->ei, ERR_INPUT, "No valid data provided");
	if (b->escaped > 0)
		return err_set(&b->x->ei, ERR_INPUT,
		    "report: the form's field data ends early");
	err = flush(b);
	return err == ERR_OK ? report_reader_end(b->reader, out, &b->x->ei)
			     : err;
}

/* ---- the stream ---- */

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
	CLEANUP(cleanup_free)
	struct report_body *b = calloc(1, sizeof(*b));
	CLEANUP(cleanup_reader)
	struct report_reader *reader = report_reader_new(a, x->app->opt->mask);
	CLEANUP(cleanup_inflate) struct inflate *f = NULL;
	struct slice piece;
	enum err err = check_encoding(x);

	if (err != ERR_OK)
		return err;
	must(b);
	b->x = x;
	b->raw = raw;
	b->reader = reader;
	f = inflate_new((uint64_t)REPORT_BODY_MAX, read_raw, b);
	do {
		err = inflate_next(f, &piece, &x->ei);
		if (err == ERR_OK)
			err = add(b, piece);
	} while (err == ERR_OK && piece.n > 0);
	return err == ERR_OK ? end(b, out) : err;
}
