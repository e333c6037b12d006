/* jslim.c: see jslim.h. */
#include "json/jslim.h"

/* Moves on by one character of a string; true when it ends. */
static bool
step(struct jslim *s, char c)
{
	if (s->escape > 0) {
		s->escape--;
		if (c == 'u' && s->escape == 0)
			s->escape = 4;
		/* The digits of a \u are counted down to 0 as well, but 'u' is
		 * none of them. */
		return false;
	}
	if (c == '\\')
		s->escape = 1;
	return c == '"';
}

/* A cut here would leave neither half an escape nor half a character. */
static bool
may_cut(const struct jslim *s, char c)
{
	return s->escape == 0 && ((unsigned char)c & 0xc0) != 0x80;
}

void
jslim_add(struct jslim *s, struct buf *out, const char *p, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (!s->in_text) {
			if (p[i] == '"') {
				s->in_text = true;
				s->kept = 0;
			}
			continue;
		}
		if (!s->cutting && s->kept >= s->max && may_cut(s, p[i])) {
			buf_add(out, p + from, i - from);
			s->cutting = true;
		}
		s->kept++;
		if (step(s, p[i])) {
			if (s->cutting)
				from = i;
			s->in_text = s->cutting = false;
		}
	}
	if (!s->cutting)
		buf_add(out, p + from, n - from);
}
