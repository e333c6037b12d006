/* multipart.c: see multipart.h. */
#include "web/multipart.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/memory.h"

#define NAME_MAX_BYTES 128

enum state {
	PREAMBLE, /* before the first boundary */
	BOUNDARY, /* behind one: a part follows, or the end */
	HEADERS,
	DATA,
	OVER
};

struct multipart {
	struct multipart_sink sink;
	enum state state;
	struct buf pending; /* read, and not yet understood */
	size_t nparts;
	size_t ndelimiter;
	char delimiter[MULTIPART_BOUNDARY_MAX + 8]; /* CRLF "--" boundary */
};

/* ---- parameters of headers: ; name="value" ---- */

/* The value at p, quoted or not, without what escapes it, up to max bytes of
 * it. */
static const char *
read_value(const char *p, const char *end, char *out, size_t max)
{
	bool quoted = p < end && *p == '"';
	size_t n = 0;

	for (p += quoted; p < end; p++) {
		if (quoted ? *p == '"' : *p == ';' || *p == ' ' || *p == '\t')
			break;
		/* Browsers send the paths of Windows unescaped. */
		if (quoted && *p == '\\' && p + 1 < end &&
		    (p[1] == '"' || p[1] == '\\'))
			p++;
		if (n + 1 < max)
			out[n++] = *p;
	}
	out[n] = '\0';
	return p < end && quoted ? p + 1 : p;
}

/* Looks for a parameter behind the first ';'. */
static bool
find_parameter(struct slice header, const char *name, char *out, size_t max)
{
	const char *p = memchr(header.p, ';', header.n);
	const char *end = header.p + header.n;
	size_t n = strlen(name);

	while (p != NULL && p < end) {
		bool found;
		while (p < end && (*p == ';' || *p == ' ' || *p == '\t'))
			p++;
		found = (size_t)(end - p) > n && p[n] == '=' &&
			strncasecmp(p, name, n) == 0;
		p = memchr(p, '=', (size_t)(end - p));
		if (p == NULL)
			return false;
		p = read_value(p + 1, end, out, max);
		if (found)
			return true;
		p = memchr(p, ';', (size_t)(end - p));
	}
	return false;
}

bool
multipart_boundary(const char *content_type, struct slice *out)
{
	static const char type[] = "multipart/form-data";
	const char *p = content_type, *end;

	if (strncasecmp(p, type, sizeof(type) - 1) != 0)
		return false;
	p = strcasestr(p, "boundary=");
	if (p == NULL)
		return false;
	p += strlen("boundary=");
	if (*p == '"')
		end = strchr(++p, '"');
	else
		end = p + strcspn(p, "; \t");
	if (end == NULL || end == p || end - p > MULTIPART_BOUNDARY_MAX)
		return false;
	*out = (struct slice){p, (size_t)(end - p)};
	return true;
}

/* ---- the body ---- */

struct multipart *
multipart_new(struct slice boundary, const struct multipart_sink *sink)
{
	struct multipart *m = must(calloc(1, sizeof(*m)));

	m->sink = *sink;
	m->ndelimiter = boundary.n + 4;
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary.p, boundary.n);
	/* So that the first boundary needs no line before it. */
	buf_adds(&m->pending, "\r\n");
	return m;
}

void
multipart_free(struct multipart *m)
{
	if (m == NULL)
		return;
	buf_clear(&m->pending);
	free(m);
}

static void
consume(struct multipart *m, size_t n)
{
	m->pending.len -= n;
	memmove(m->pending.data, m->pending.data + n, m->pending.len + 1);
}

static enum err
give(struct multipart *m, size_t n, struct errinfo *ei)
{
	if (m->state != DATA || n == 0)
		return ERR_OK;
	return m->sink.data(m->sink.arg, m->pending.data, n, ei);
}

/* Before a boundary: what can't be its beginning goes out. */
static enum err
read_content(struct multipart *m, bool *more, struct errinfo *ei)
{
	struct buf *b = &m->pending;
	const char *at = memmem(b->data, b->len, m->delimiter, m->ndelimiter);
	size_t n = at != NULL               ? (size_t)(at - b->data)
		   : b->len < m->ndelimiter ? 0
					    : b->len - m->ndelimiter + 1;
	enum err err = give(m, n, ei);

	*more = at != NULL;
	if (err == ERR_OK && at != NULL && m->state == DATA)
		err = m->sink.end(m->sink.arg, ei);
	if (err != ERR_OK)
		return err;
	consume(m, n + (at != NULL ? m->ndelimiter : 0));
	if (at != NULL)
		m->state = BOUNDARY;
	return ERR_OK;
}

/* Behind a boundary.  The end of its line stays: it belongs to the empty line
 * that ends the headers, if there are none. */
static enum err
read_boundary(struct multipart *m, bool *more, struct errinfo *ei)
{
	struct buf *b = &m->pending;
	size_t blank = strspn(b->data, " \t");

	*more = b->len >= blank + 2;
	if (!*more && blank <= MULTIPART_HEADERS_MAX)
		return ERR_OK;
	if (blank == 0 && memcmp(b->data, "--", 2) == 0) {
		m->state = OVER;
		return ERR_OK;
	}
	if (!*more || memcmp(b->data + blank, "\r\n", 2) != 0)
		return err_set(ei, ERR_INPUT,
		    "The form's boundary is followed by something else.");
	if (++m->nparts > MULTIPART_PARTS_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "The form has more than %d parts.", MULTIPART_PARTS_MAX);
	consume(m, blank);
	m->state = HEADERS;
	return ERR_OK;
}

static enum err
begin_part(struct multipart *m, struct slice headers, struct errinfo *ei)
{
	static const char disposition[] = "Content-Disposition:";
	char name[NAME_MAX_BYTES], filename[NAME_MAX_BYTES];
	struct slice line;

	while (slice_line(&headers, &line)) {
		bool is_file;

		line = slice_trim(line);
		if (line.n < sizeof(disposition) - 1 ||
		    strncasecmp(line.p, disposition, sizeof(disposition) - 1) !=
			0)
			continue;
		if (!find_parameter(line, "name", name, sizeof(name)))
			break;
		is_file = find_parameter(
		    line, "filename", filename, sizeof(filename));
		return m->sink.begin(
		    m->sink.arg, name, is_file ? filename : NULL, ei);
	}
	return err_set(
	    ei, ERR_INPUT, "Part %zu of the form has no name.", m->nparts);
}

static enum err
read_headers(struct multipart *m, bool *more, struct errinfo *ei)
{
	struct buf *b = &m->pending;
	const char *end = memmem(b->data, b->len, "\r\n\r\n", 4);
	size_t n = end != NULL ? (size_t)(end - b->data) : b->len;
	enum err err;

	*more = end != NULL;
	if (n > MULTIPART_HEADERS_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "Part %zu of the form has headers of more than %d bytes.",
		    m->nparts, MULTIPART_HEADERS_MAX);
	if (end == NULL)
		return ERR_OK;
	err = begin_part(m, (struct slice){b->data, n}, ei);
	if (err != ERR_OK)
		return err;
	consume(m, n + 4);
	m->state = DATA;
	return ERR_OK;
}

enum err
multipart_add(
    struct multipart *m, const void *data, size_t n, struct errinfo *ei)
{
	bool more = true;
	enum err err = ERR_OK;

	if (m->state == OVER)
		return ERR_OK;
	buf_add(&m->pending, data, n);
	while (err == ERR_OK && more && m->state != OVER)
		switch (m->state) {
		case PREAMBLE:
		case DATA:
			err = read_content(m, &more, ei);
			break;
		case BOUNDARY:
			err = read_boundary(m, &more, ei);
			break;
		case HEADERS:
			err = read_headers(m, &more, ei);
			break;
		case OVER:
			break;
		}
	return err;
}

enum err
multipart_end(struct multipart *m, struct errinfo *ei)
{
	if (m->state == OVER)
		return ERR_OK;
	return err_set(ei, ERR_INPUT,
	    m->state == PREAMBLE
		? "The form does not hold the boundary that its Content-Type "
		  "names."
		: "The form breaks off before its last boundary.");
}
