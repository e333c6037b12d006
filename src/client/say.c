/* say.c: see say.h. */
#include "client/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define REDRAW_MS 100

/* The terminal is one, so is what is known about it. */
static struct {
	enum say_level level;
	bool terminal;
	bool drawn; /* a progress line stands there */
	int64_t drawn_at;
} screen = {.level = SAY_NORMAL};

void
say_open(enum say_level level)
{
	screen.level = level;
	screen.terminal = level != SAY_QUIET && isatty(STDERR_FILENO);
}

static void
wipe(void)
{
	if (screen.drawn)
		fputs("\r\033[K", stderr);
	screen.drawn = false;
	screen.drawn_at = 0;
}

/* Names and answers come from elsewhere: nothing may steer the terminal. */
__attribute__((format(printf, 2, 0))) static void
print_clean(FILE *f, const char *fmt, va_list ap)
{
	char text[4096];

	vsnprintf(text, sizeof(text), fmt, ap);
	for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
	fputs(text, f);
}

bool
say_line(const char *fmt, ...)
{
	va_list ap;

	wipe();
	va_start(ap, fmt);
	print_clean(stdout, fmt, ap);
	va_end(ap);
	fputc('\n', stdout);
	return fflush(stdout) == 0;
}

void
say_text(const char *indent, const char *text)
{
	wipe();
	fputs(indent, stdout);
	for (const char *p = text; *p != '\0'; p++)
		putchar((unsigned char)*p < 0x20 && *p != '\t' ? '?' : *p);
	putchar('\n');
}

__attribute__((format(printf, 1, 0))) static void
complain(const char *fmt, va_list ap)
{
	wipe();
	fputs(CLIENT_NAME ": ", stderr);
	print_clean(stderr, fmt, ap);
	fputc('\n', stderr);
}

void
say_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
}

void
say_note(const char *fmt, ...)
{
	va_list ap;

	if (screen.level < SAY_NORMAL)
		return;
	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
}

void
say_detail(const char *fmt, ...)
{
	va_list ap;

	if (screen.level < SAY_VERBOSE)
		return;
	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
}

void
say_aside(const char *fmt, ...)
{
	va_list ap;

	if (!screen.terminal && screen.level < SAY_VERBOSE)
		return;
	wipe();
	va_start(ap, fmt);
	print_clean(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void
say_bytes(char out[16], uint64_t n)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	double v = (double)n / 1000;
	size_t u = 0;

	if (n < 1000) {
		snprintf(out, 16, "%u bytes", (unsigned)n);
		return;
	}
	for (; v >= 999.95 && u < 3; u++)
		v /= 1000;
	snprintf(out, 16, "%.1f %s", v < 99999 ? v : 99999, units[u]);
}

/* True when it is time to draw again. */
static bool
due(bool last)
{
	int64_t now;

	if (!screen.terminal)
		return false;
	now = clock_ms();
	if (!last && screen.drawn && now - screen.drawn_at < REDRAW_MS)
		return false;
	screen.drawn_at = now;
	screen.drawn = true;
	return true;
}

static void draw(const char *fmt, ...) PRINTF_LIKE(1, 2);

static void
draw(const char *fmt, ...)
{
	va_list ap;

	fputs("\r", stderr);
	va_start(ap, fmt);
	print_clean(stderr, fmt, ap);
	va_end(ap);
	fputs("\033[K", stderr);
	fflush(stderr);
}

void
say_progress(const char *name, const char *verb, uint64_t done, uint64_t total)
{
	char bytes[16];

	if (!due(total != 0 && done == total))
		return;
	say_bytes(bytes, total != 0 ? total : done);
	if (total == 0)
		draw("%.60s: %s %s", name, verb, bytes);
	else
		draw("%.60s: %s %s, %3.0f %%", name, verb, bytes,
		    100.0 * (double)done / (double)total);
}

void
say_progress_text(const char *name, const char *text)
{
	if (due(true))
		draw("%.60s: %.100s", name, text);
}
