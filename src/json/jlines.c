/* jlines.c: see jlines.h. */
#include "json/jlines.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "json/jescape.h"
#include "json/jtext.h"

#define LINE_MAX_BYTES ((size_t)64 << 10)

struct jlines {
	struct jlines_sink sink;
	bool in_text;
	bool escaped;     /* the last byte was a backslash that counts */
	struct buf raw;   /* of the line at hand, as it is written */
	struct buf plain; /* decoded */
	struct buf changed;
	struct jtext decode;
};

static void
take_plain(void *arg, const char *p, size_t n)
{
	struct jlines *j = arg;

	buf_add(&j->plain, p, n);
}

struct jlines *
jlines_new(const struct jlines_sink *sink)
{
	struct jlines *j = must(calloc(1, sizeof(*j)));

	j->sink = *sink;
	j->decode.data = take_plain;
	j->decode.arg = j;
	return j;
}

void
jlines_free(struct jlines *j)
{
	if (j == NULL)
		return;
	buf_clear(&j->raw);
	buf_clear(&j->plain);
	buf_clear(&j->changed);
	free(j);
}

static struct slice
decoded(struct jlines *j)
{
	struct slice raw = {j->raw.data, j->raw.len};
	bool ended;

	if (memchr(raw.p, '\\', raw.n) == NULL)
		return raw;
	buf_reset(&j->plain);
	jtext_begin(&j->decode);
	jtext_add(&j->decode, raw.p, raw.n, &ended);
	jtext_add(&j->decode, "\"", 1, &ended);
	return (struct slice){j->plain.data, j->plain.len};
}

static void
end_line(struct jlines *j)
{
	if (j->raw.len == 0)
		return;
	buf_reset(&j->changed);
	if (j->sink.line(j->sink.arg, decoded(j), &j->changed)) {
		buf_reset(&j->raw);
		jescape_add(&j->raw, j->changed.data, j->changed.len);
	}
	j->sink.out(j->sink.arg, j->raw.data, j->raw.len);
	buf_reset(&j->raw);
}

/* A byte of a string. */
static void
text(struct jlines *j, char c)
{
	if (j->escaped && c == 'n') {
		/* Its backslash stands in raw already. */
		j->raw.len--;
		end_line(j);
		j->sink.out(j->sink.arg, "\\n", 2);
	} else if (!j->escaped && c == '"') {
		end_line(j);
		j->sink.out(j->sink.arg, "\"", 1);
		j->in_text = false;
	} else {
		buf_addc(&j->raw, c);
	}
	j->escaped = !j->escaped && c == '\\';
	/* Not in an escape, of which \u1234 is the longest. */
	if (j->raw.len >= LINE_MAX_BYTES && !j->escaped &&
	    memchr(j->raw.data + j->raw.len - 6, '\\', 6) == NULL)
		end_line(j);
}

void
jlines_add(struct jlines *j, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		const char *quote;
		size_t len;
		if (j->in_text) {
			text(j, p[i++]);
			continue;
		}
		quote = memchr(p + i, '"', n - i);
		len = quote != NULL ? (size_t)(quote + 1 - (p + i)) : n - i;
		j->sink.out(j->sink.arg, p + i, len);
		j->in_text = quote != NULL;
		i += len;
	}
}

void
jlines_end(struct jlines *j)
{
	end_line(j);
	j->in_text = j->escaped = false;
}
