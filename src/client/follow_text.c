/* follow_text.c: see follow_text.h. */
#include "client/follow_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "client/follow.h"
#include "model/mask.h"

void
follow_add_base64(struct buf *out, struct slice bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.n; i += 3) {
		const unsigned char *p = (const unsigned char *)bytes.p + i;
		size_t left = bytes.n - i;
		unsigned v = (unsigned)p[0] << 16 |
			     (left > 1 ? (unsigned)p[1] << 8 : 0) |
			     (left > 2 ? (unsigned)p[2] : 0);
		char four[4] = {digits[v >> 18], digits[v >> 12 & 63],
		    left > 1 ? digits[v >> 6 & 63] : '=',
		    left > 2 ? digits[v & 63] : '='};
		buf_add(out, four, sizeof(four));
	}
}

/* UTF-8 without NUL, whatever controls it has. */
static bool
is_text(struct arena *a, struct slice s)
{
	char *copy = arena_strndup(a, s.p, s.n);

	for (size_t i = 0; i < s.n; i++) {
		if (copy[i] == '\0')
			return false;
		if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7f)
			copy[i] = ' ';
	}
	return utf8_clean(copy, s.n);
}

void
follow_add_text(struct arena *a, struct buf *out, const char *key,
    const char *key2, struct slice text)
{
	if (is_text(a, text)) {
		buf_addf(out, ",\"%s\":", key);
		buf_add_json(out, arena_strndup(a, text.p, text.n));
		return;
	}
	buf_addf(out, ",\"%s\":\"", key2);
	follow_add_base64(out, text);
	buf_addc(out, '"');
}

/* The node's name, which no rule for texts can know. */
static void
add_without_host(const struct follow *f, struct slice line, struct buf *out)
{
	size_t n = strlen(f->host);
	const char *at;

	while (n > 0 && line.n >= n &&
	       (at = memmem(line.p, line.n, f->host, n)) != NULL) {
		buf_add(out, line.p, (size_t)(at - line.p));
		buf_adds(out, "***");
		line.n -= (size_t)(at + n - line.p);
		line.p = at + n;
	}
	buf_add(out, line.p, line.n);
}

void
follow_mask(const struct follow *f, const struct follow_server *s,
    struct slice text, struct buf *out)
{
	struct mask m = {.rules = s->mask};
	struct slice line;

	while (slice_line(&text, &line)) {
		CLEANUP(buf_clear) struct buf one = BUF_INIT;
		bool ended =
		    line.p[line.n] == '\n' && text.p != line.p + line.n;
		mask_line(&m, line, &one, NULL, 0);
		if ((s->mask & MASK_HOSTS) != 0)
			add_without_host(f, buf_slice(&one), out);
		else
			buf_add(out, one.data, one.len);
		if (ended)
			buf_addc(out, '\n');
	}
}

const char *
follow_masked(
    const struct follow *f, const struct follow_server *s, const char *text)
{
	CLEANUP(buf_clear) struct buf out = BUF_INIT;

	follow_mask(f, s, slice_of(text), &out);
	return out.len == 0 ? "" : arena_strndup(f->scratch, out.data, out.len);
}
