/* err.c: see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const char *const names[] = {
    [ERR_OK] = "ok",
    [ERR_INPUT] = "input",
    [ERR_TOO_BIG] = "too big",
    [ERR_UNSUPPORTED] = "unsupported",
    [ERR_DENIED] = "denied",
    [ERR_NOT_FOUND] = "not found",
    [ERR_CONFLICT] = "conflict",
    [ERR_BUSY] = "busy",
    [ERR_UPSTREAM] = "upstream",
    [ERR_DB] = "database",
    [ERR_INTERNAL] = "internal",
};
_Static_assert(sizeof(names) / sizeof(names[0]) == ERR__MAX, "a name a code");

const char *
err_name(enum err code)
{
	return code < ERR__MAX ? names[code] : "unknown";
}

/* Makes the text printable: control bytes and broken UTF-8 become '?'. */
static void
sanitise(char *s)
{
	for (unsigned char *p = (unsigned char *)s; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
	/* A cut at the end of the buffer may have split a character. */
	for (size_t n = strlen(s), cut = 0; cut < 4 && n > 0; cut++, n--) {
		if (utf8_clean(s, n))
			return;
		if ((unsigned char)s[n - 1] < 0x80)
			break;
		if (n == ERR_TEXT_MAX - 1 - cut)
			s[n - 1] = '\0';
	}
	if (!utf8_clean(s, strlen(s)))
		for (unsigned char *p = (unsigned char *)s; *p != '\0'; p++)
			if (*p >= 0x80)
				*p = '?';
}

enum err
err_set(struct errinfo *ei, enum err code, const char *fmt, ...)
{
	va_list ap;

	if (ei == NULL)
		return code;
	ei->code = code;
	va_start(ap, fmt);
	vsnprintf(ei->text, sizeof(ei->text), fmt, ap);
	va_end(ap);
	sanitise(ei->text);
	return code;
}

void
err_detail(struct errinfo *ei, const char *fmt, ...)
{
	va_list ap;

	if (ei == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(ei->detail, sizeof(ei->detail), fmt, ap);
	va_end(ap);
	sanitise(ei->detail);
}

enum err
err_prefix(struct errinfo *ei, const char *fmt, ...)
{
	va_list ap;
	char prefix[ERR_TEXT_MAX / 2];
	size_t n, rest;

	if (ei == NULL)
		return ERR_INTERNAL;
	va_start(ap, fmt);
	vsnprintf(prefix, sizeof(prefix) - 2, fmt, ap);
	va_end(ap);
	strcat(prefix, ": ");
	n = strlen(prefix);
	rest = strlen(ei->text);
	if (rest > sizeof(ei->text) - n - 1)
		rest = sizeof(ei->text) - n - 1;
	memmove(ei->text + n, ei->text, rest);
	memcpy(ei->text, prefix, n);
	ei->text[n + rest] = '\0';
	sanitise(ei->text);
	return ei->code;
}
