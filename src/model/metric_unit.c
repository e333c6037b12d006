/* metric_unit.c: see metric_unit.h. */
#include "model/metric_unit.h"

#include <stddef.h>
#include <string.h>

const char *const derived_metrics[] = {
    "cputime", "elapsed", "read_ops", "write_ops", NULL};

/* A pattern is a whole name, or "*END", or "START*"; the first one counts. */
static const struct {
	const char *pattern, *unit;
} units[] = {
    {"cputime", "s"},
    {"elapsed", "s"},
    {"elapsed.time", "s"},
    {"started", "s"},
    {"ended", "s"},
    {"utime", "ticks"},
    {"stime", "ticks"},
    {"cutime", "ticks"},
    {"cstime", "ticks"},
    {"read_ops", "blocks"},
    {"write_ops", "blocks"},
    {"*.ru_utime", "s"},
    {"*.ru_stime", "s"},
    {"*.ru_maxrss", "KiB"},
    {"*.ru_inblock", "blocks"},
    {"*.ru_oublock", "blocks"},
    {"io.rchar", "B"},
    {"io.wchar", "B"},
    {"io.*_bytes", "B"},
    {"cpu.usage", "%"},
    {"cpu.*", ""},
    {"memory.*", "B"},
    {"disk.busy", ""},
    {"disk.*", "B/s"},
    {"space.*", "B"},
    {"net.*", "B"},
    {"pressure.stall", "us"},
    {"pressure.*", "%"},
    {"*_size", "B"},
    {"*_bytes", "B"},
    {"*_seconds", "s"},
};

/* One '*' stands for anything. */
static int
matches(const char *pattern, const char *name)
{
	const char *star = strchr(pattern, '*');
	size_t n = strlen(name), head, tail;

	if (star == NULL)
		return strcmp(pattern, name) == 0;
	head = (size_t)(star - pattern);
	tail = strlen(star + 1);
	return n >= head + tail && strncmp(pattern, name, head) == 0 &&
	       strcmp(name + n - tail, star + 1) == 0;
}

const char *
metric_unit(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (matches(units[i].pattern, name))
			return units[i].unit;
	return "";
}
