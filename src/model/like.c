/* like.c: see like.h. */
#include "model/like.h"

#include <string.h>

#include "base/arena.h"

static const char blanks[] = " \t\r\n";

static char *
pattern_of(struct arena *a, const char *word, size_t n)
{
	char *out = arena_alloc(a, 2 * n + 3), *p = out;

	*p++ = '%';
	for (size_t i = 0; i < n; i++) {
		if (strchr("\\%_", word[i]) != NULL)
			*p++ = '\\';
		*p++ = word[i];
	}
	*p++ = '%';
	*p = '\0';
	return out;
}

char *
like_pattern(struct arena *a, const char *word)
{
	return pattern_of(a, word, strlen(word));
}

size_t
like_patterns(struct arena *a, const char *text, const char **out, size_t max)
{
	size_t count = 0;

	if (text == NULL)
		return 0;
	for (text += strspn(text, blanks); *text != '\0';
	     text += strspn(text, blanks)) {
		size_t n = strcspn(text, blanks);
		if (count < max)
			out[count] = pattern_of(a, text, n);
		count++;
		text += n;
	}
	return count;
}
