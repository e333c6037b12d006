/* log_lines.c: see log_lines.h. */
#include "model/log_lines.h"

#include <string.h>
#include <strings.h>

#define LINE_PIECE ((size_t)64 << 10) /* longer lines are cut */
#define CUT_REACH ((size_t)4 << 10)   /* bytes in which a place is looked for */

/* "Bearer TOKEN" and "NAME = 'VALUE'" must not fall apart. */
static bool
joins(const char *line, size_t blank, size_t n)
{
	static const char *const words[] = {
	    "bearer", "basic", "token", "digest", "authorization"};
	char before = blank > 0 ? line[blank - 1] : ':';
	char behind = blank + 1 < n ? line[blank + 1] : '=';

	if (strchr(":=?+. \t", before) != NULL ||
	    strchr(":=?+. \t", behind) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t k = strlen(words[i]);
		if (blank >= k &&
		    strncasecmp(line + blank - k, words[i], k) == 0)
			return true;
	}
	return false;
}

/* Where a long line is cut: at a blank, so that no word is, if there is one. */
static size_t
cut_at(const struct buf *line)
{
	for (size_t i = line->len; i > line->len - CUT_REACH; i--)
		if (line->data[i - 1] == ' ' &&
		    !joins(line->data, i - 1, line->len))
			return i;
	return line->len;
}

static void
take_long(struct log_lines *l)
{
	size_t n = cut_at(&l->line);

	l->piece(l->arg, (struct slice){l->line.data, n}, false);
	l->line.len -= n;
	memmove(l->line.data, l->line.data + n, l->line.len);
}

/* Adds to the begun line; returns how many bytes were used. */
static size_t
lengthen(struct log_lines *l, const char *p, size_t n, bool ends)
{
	size_t room = LINE_PIECE - l->line.len;

	if (room == 0 && n > 0) {
		take_long(l);
		return 0;
	}
	if (n > room) {
		buf_add(&l->line, p, room);
		return room;
	}
	buf_add(&l->line, p, n);
	if (!ends)
		return n;
	l->piece(l->arg, (struct slice){l->line.data, l->line.len}, true);
	buf_reset(&l->line);
	return n + 1;
}

void
log_lines_add(struct log_lines *l, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		const char *lf = memchr(p, '\n', n);
		size_t len = lf != NULL ? (size_t)(lf - p) : n, used;
		if (lf != NULL && l->line.len == 0 && len <= LINE_PIECE) {
			l->piece(l->arg, (struct slice){p, len}, true);
			used = len + 1;
		} else {
			used = lengthen(l, p, len, lf != NULL);
		}
		p += used;
		n -= used;
	}
}

void
log_lines_end(struct log_lines *l)
{
	if (l->line.len > 0)
		l->piece(
		    l->arg, (struct slice){l->line.data, l->line.len}, false);
	l->line.len = 0;
}

void
log_lines_clear(struct log_lines *l)
{
	buf_clear(&l->line);
}
