/* links.c: see links.h. */
#include "web/links.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "web/request.h"

static bool
is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

void
links_escape(struct buf *out, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";
	const unsigned char *p = (const unsigned char *)s;

	for (; *p != '\0'; p++) {
		char hex[3] = {'%', digits[*p >> 4], digits[*p & 15]};
		if (is_unreserved(*p))
			buf_addc(out, (char)*p);
		else
			buf_add(out, hex, 3);
	}
}

/* Moves what was written to the arena. */
static char *
take(struct arena *a, struct buf *b)
{
	char *s = arena_strndup(a, b->data, b->len);

	buf_clear(b);
	return s;
}

char *
links_path(struct arena *a, const char *const *segments, size_t n)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		buf_addc(&b, '/');
		links_escape(&b, segments[i]);
	}
	if (n == 0)
		buf_addc(&b, '/');
	return take(a, &b);
}

/* Writes one conversion of page_link and returns what follows it. */
static const char *
add_argument(struct buf *b, const char *fmt, va_list *ap)
{
	int longs = 0;

	for (fmt++; *fmt == 'l' || *fmt == 'z' || *fmt == 'j'; fmt++)
		longs++;
	switch (*fmt) {
	case 's':
		links_escape(b, va_arg(*ap, const char *));
		break;
	case 'd':
		buf_addf(b, "%" PRId64,
		    longs > 0 ? va_arg(*ap, int64_t)
			      : (int64_t)va_arg(*ap, int));
		break;
	case 'u':
		buf_addf(b, "%" PRIu64,
		    longs > 0 ? va_arg(*ap, uint64_t)
			      : (uint64_t)va_arg(*ap, unsigned));
		break;
	case '%':
		buf_addc(b, '%');
		break;
	default:
		assert(false); /* %s, %d and %u only */
	}
	return fmt + 1;
}

char *
page_link(struct page_context *cx, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	buf_adds(&b, cx->base);
	va_start(ap, fmt);
	while (*fmt != '\0') {
		size_t n = strcspn(fmt, "%");
		buf_add(&b, fmt, n);
		fmt += n;
		if (*fmt == '%')
			fmt = add_argument(&b, fmt, &ap);
	}
	va_end(ap);
	return take(cx->arena, &b);
}

static void
add_pair(struct buf *b, char *separator, const char *name, const char *value)
{
	buf_addc(b, *separator);
	*separator = '&';
	buf_adds(b, name);
	buf_addc(b, '=');
	links_escape(b, value);
}

char *
page_link_query(struct page_context *cx, const char *path, ...)
{
	struct buf b = BUF_INIT;
	const char *name;
	char separator = strchr(path, '?') != NULL ? '&' : '?';
	va_list ap;

	if (path[0] != '/')
		buf_adds(&b, cx->base);
	buf_adds(&b, path);
	va_start(ap, path);
	while ((name = va_arg(ap, const char *)) != NULL) {
		const char *value = va_arg(ap, const char *);
		if (value != NULL && value[0] != '\0')
			add_pair(&b, &separator, name, value);
	}
	va_end(ap);
	return take(cx->arena, &b);
}

char *
page_escape(struct page_context *cx, const char *s)
{
	struct buf b = BUF_INIT;

	buf_add(&b, "", 0);
	links_escape(&b, s);
	return take(cx->arena, &b);
}

char *
page_absolute(struct page_context *cx, const char *path)
{
	return arena_printf(cx->arena, "%s%s", cx->site, path);
}

static void
begin_self(struct buf *b, const struct page_context *cx, const char *suffix)
{
	buf_adds(b, cx->base);
	buf_adds(b, cx->request->path + 1);
	buf_adds(b, suffix);
}

char *
links_self(const struct page_context *cx, const char *suffix,
    enum param without, size_t index)
{
	struct buf b = BUF_INIT;
	char separator = '?';

	begin_self(&b, cx, suffix);
	for (unsigned p = 0; p < P__MAX; p++) {
		const struct param_value *v = &cx->request->params.value[p];
		for (size_t i = 0; i < v->n; i++)
			if (p != without || (index != SIZE_MAX && index != i))
				add_pair(&b, &separator, param_specs[p].name,
				    v->text[i]);
	}
	return take(cx->arena, &b);
}

char *
page_view(struct page_context *cx, const char *path)
{
	struct buf b = BUF_INIT;
	char separator = '?';

	buf_adds(&b, cx->base);
	buf_adds(&b, path);
	for (unsigned p = 0; p < P__MAX; p++) {
		const struct param_value *v = &cx->request->params.value[p];
		bool kept = p != P_SORT && p != P_PAGE && p != P_PER;
		for (size_t i = 0; kept && i < v->n; i++)
			add_pair(
			    &b, &separator, param_specs[p].name, v->text[i]);
	}
	return take(cx->arena, &b);
}

char *
page_self_with(struct page_context *cx, enum param p, const char *value)
{
	struct buf b = BUF_INIT;
	char separator = '?';

	begin_self(&b, cx, cx->request->suffix);
	for (unsigned i = 0; i < P__MAX; i++) {
		const struct param_value *v = &cx->request->params.value[i];
		if (i == p && value != NULL && value[0] != '\0')
			add_pair(&b, &separator, param_specs[i].name, value);
		if (i == p || i == P_PAGE)
			continue;
		for (size_t k = 0; k < v->n; k++)
			add_pair(
			    &b, &separator, param_specs[i].name, v->text[k]);
	}
	return take(cx->arena, &b);
}
