/* log.c: see log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static const char *program_name = "buildstats";
static enum log_level most_level = LOG_LEVEL_INFO;

void
log_open(const char *program, enum log_level most)
{
	program_name = program;
	most_level = most;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	static const char *const names[] = {
	    "error", "warning", "info", "debug"};
	char text[2048];
	va_list ap;

	if (level > most_level)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			*p = ' ';
	fprintf(stderr, "%s: %s: %s\n", program_name, names[level], text);
}
