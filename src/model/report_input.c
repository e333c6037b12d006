/* report_input.c: see report_input.h. */
#include "model/report_input.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define PIECE ((size_t)64 << 10)

enum kind {
	KIND_UNKNOWN, /* nothing but blanks yet */
	KIND_FIELD,   /* so far it is the beginning of "data=" */
	KIND_JSON,
	KIND_FORM
};

struct report_input {
	struct report_reader *reader;
	struct errinfo *ei; /* of the call that is under way */
	enum kind kind;
	size_t matched; /* bytes of "data=" */
	/* of a form */
	bool ended;       /* another field follows */
	unsigned escaped; /* digits that a %XX has had, and the % itself */
	char digits[2];
	char plain[PIECE];
	size_t nplain;
};

struct report_input *
report_input_new(struct arena *a, unsigned rules)
{
	struct report_input *in = must(calloc(1, sizeof(*in)));

	in->reader = report_reader_new(a, rules);
	return in;
}

void
report_input_free(struct report_input *in)
{
	if (in == NULL)
		return;
	report_reader_free(in->reader);
	free(in);
}

/* ---- a form ---- */

static enum err
flush(struct report_input *in)
{
	size_t n = in->nplain;

	in->nplain = 0;
	return n == 0 ? ERR_OK
		      : report_reader_add(in->reader, in->plain, n, in->ei);
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
add_plain(struct report_input *in, char c)
{
	in->plain[in->nplain++] = c;
	return in->nplain == PIECE ? flush(in) : ERR_OK;
}

static enum err
add_escaped(struct report_input *in, char c)
{
	int high, low;

	if (hex_digit(c) < 0)
		return err_set(in->ei, ERR_INPUT,
		    "report: a bad escape in the form's field data");
	in->digits[in->escaped++ - 1] = c;
	if (in->escaped < 3)
		return ERR_OK;
	in->escaped = 0;
	high = hex_digit(in->digits[0]);
	low = hex_digit(in->digits[1]);
	return add_plain(in, (char)(high << 4 | low));
}

static enum err
add_form(struct report_input *in, struct slice s)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < s.n && !in->ended && err == ERR_OK; i++) {
		char c = s.p[i];
		if (in->escaped > 0)
			err = add_escaped(in, c);
		else if (c == '%')
			in->escaped = 1;
		else if (c == '&')
			in->ended = true;
		else
			err = add_plain(in, c == '+' ? ' ' : c);
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
sniff(struct report_input *in, char c)
{
	static const char field[] = "data=";

	if (in->kind == KIND_UNKNOWN && is_blank(c))
		return ERR_OK;
	if (in->kind == KIND_UNKNOWN && c == '{') {
		in->kind = KIND_JSON;
		return report_reader_add(in->reader, "{", 1, in->ei);
	}
	if (c != field[in->matched])
		return err_set(in->ei, ERR_INPUT,
		    "No valid data provided: a report is a JSON object, or the "
		    "field data of a form");
	in->matched++;
	in->kind = field[in->matched] == '\0' ? KIND_FORM : KIND_FIELD;
	return ERR_OK;
}

enum err
report_input_add(struct report_input *in, struct slice s, struct errinfo *ei)
{
	enum err err = ERR_OK;

	in->ei = ei;
	while (s.n > 0 && err == ERR_OK && in->kind < KIND_JSON) {
		err = sniff(in, s.p[0]);
		s.p++;
		s.n--;
	}
	if (err != ERR_OK || s.n == 0)
		return err;
	return in->kind == KIND_JSON
		   ? report_reader_add(in->reader, s.p, s.n, in->ei)
		   : add_form(in, s);
}

enum err
report_input_end(
    struct report_input *in, struct report *out, struct errinfo *ei)
{
	enum err err;

	in->ei = ei;
	if (in->kind < KIND_JSON)
		return err_set(in->ei, ERR_INPUT, "No valid data provided");
	if (in->escaped > 0)
		return err_set(in->ei, ERR_INPUT,
		    "report: the form's field data ends early");
	err = flush(in);
	return err == ERR_OK ? report_reader_end(in->reader, out, in->ei) : err;
}
