/* buf.c: see buf.h. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define KEEP_MAX ((size_t)1 << 20)
#define VARINT_MAX 10 /* bytes of 64 bits, seven to each */

void
buf_clear(struct buf *b)
{
	free(b->data);
	*b = (struct buf){.limit = b->limit};
}

void
buf_reset(struct buf *b)
{
	if (b->cap > KEEP_MAX) {
		buf_clear(b);
		return;
	}
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void
buf_reserve(struct buf *b, size_t more)
{
	size_t want = b->len + more + 1;
	size_t cap = b->cap < 256 ? 256 : b->cap;
	char *p;

	if (want <= b->cap)
		return;
	while (cap < want)
		cap += cap / 2;
	if (want < more || (p = realloc(b->data, cap)) == NULL)
		out_of_memory();
	b->data = p;
	b->cap = cap;
}

void
buf_add(struct buf *b, const void *data, size_t n)
{
	if (b->failed)
		return;
	if (b->limit != 0 && (n > b->limit || b->len > b->limit - n)) {
		b->failed = true;
		return;
	}
	buf_reserve(b, n);
	if (n > 0)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (b->failed)
		return;
	buf_reserve(b, 128);
	va_start(ap, fmt);
	n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= b->cap - b->len) {
		buf_reserve(b, (size_t)n);
		va_start(ap, fmt);
		vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
		va_end(ap);
	}
	if (b->limit != 0 && b->len + (size_t)n > b->limit) {
		b->failed = true;
		b->data[b->len] = '\0';
		return;
	}
	b->len += (size_t)n;
}

void
buf_add_json(struct buf *b, const char *s)
{
	buf_addc(b, '"');
	for (const char *from = s;; s++) {
		unsigned char c = (unsigned char)*s;
		if (c >= 0x20 && c != '"' && c != '\\' && c != '<')
			continue;
		buf_add(b, from, (size_t)(s - from));
		from = s + 1;
		if (c == '\0')
			break;
		if (c == '\n')
			buf_add(b, "\\n", 2);
		else if (c == '\t')
			buf_add(b, "\\t", 2);
		else if (c < 0x20 || c == '<')
			buf_addf(b, "\\u%04x", c);
		else
			buf_addf(b, "\\%c", c);
	}
	buf_addc(b, '"');
}

void
buf_add_fixed(struct buf *b, double v, unsigned decimals)
{
	static const double scale[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
	char text[32], *end = text + sizeof(text), *p = end;
	double n;
	uint64_t left;
	bool minus = v < 0;

	assert(decimals < sizeof(scale) / sizeof(scale[0]));
	n = (minus ? -v : v) * scale[decimals];
	if (!(n < 1e15)) {
		buf_addf(b, "%.*f", (int)decimals, v);
		return;
	}
	left = (uint64_t)(n + 0.5);
	minus = minus && left > 0;
	for (unsigned i = 0; i <= decimals || left > 0; i++) {
		if (i > 0 && i == decimals)
			*--p = '.';
		*--p = (char)('0' + left % 10);
		left /= 10;
	}
	if (minus)
		*--p = '-';
	buf_add(b, p, (size_t)(end - p));
}

void
buf_add_varint(struct buf *b, uint64_t v)
{
	unsigned char tmp[VARINT_MAX];
	bool direct = b->limit == 0 && b->cap - b->len > VARINT_MAX;
	unsigned char *p = direct ? (unsigned char *)b->data + b->len : tmp;
	size_t n = 0;

	while (v >= 0x80) {
		p[n++] = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	p[n++] = (unsigned char)v;
	if (!direct) {
		buf_add(b, tmp, n);
		return;
	}
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_add_svarint(struct buf *b, int64_t v)
{
	buf_add_varint(b, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}
