/* build_name.c: see build_name.h. */
#include "model/build_name.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/build.h"

#define US INT64_C(1000000)
#define NAME_DIGITS 14

int64_t
build_name_time(const char *name)
{
	char text[24];
	int64_t us;

	if (strlen(name) != NAME_DIGITS ||
	    strspn(name, "0123456789") != NAME_DIGITS)
		return TIME_UNKNOWN;
	memcpy(text, "YYYY-MM-DDTHH:MM:SSZ", 21);
	memcpy(text, name, 4);
	for (size_t i = 0; i < 5; i++)
		memcpy(text + 5 + 3 * i, name + 4 + 2 * i, 2);
	return str_to_time(text, 20, &us) ? us : TIME_UNKNOWN;
}

char *
build_name_of_time(struct arena *a, int64_t us)
{
	char text[32];
	char *name = arena_zalloc(a, NAME_DIGITS + 1), *to = name;

	str_from_time(text, us - us % US);
	for (const char *p = text; *p != '\0' && to < name + NAME_DIGITS; p++)
		if (*p >= '0' && *p <= '9')
			*to++ = *p;
	return name;
}
