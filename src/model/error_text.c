/* error_text.c: how an error is shown; the other part of error_line.h. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "model/ansi.h"
#include "model/error_line.h"
#include "model/scan.h"

#define LABEL_MAX 200 /* bytes before "error:" */

/* Bytes of the character at s, 0 if it doesn't belong on a page. */
static size_t
character(struct slice s)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return n <= s.n && utf8_clean(s.p, n) ? n : 0;
}

/* What a terminal shows of a line with progress in it, about. */
static struct slice
visible(struct slice s)
{
	const char *cr;

	while (s.n > 0 && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	cr = s.n > 0 ? memrchr(s.p, '\r', s.n) : NULL;
	return cr != NULL ? slice_from(s, (size_t)(cr - s.p) + 1) : s;
}

char *
error_line_text(struct arena *a, struct slice line, size_t max)
{
	size_t room, n = 0;
	char *out;

	line = visible(line);
	room = line.n < max / 3 ? line.n * 3 : max;
	out = arena_alloc(a, room + 1);
	while (line.n > 0) {
		unsigned char c = (unsigned char)line.p[0];
		size_t k = 1;
		if (c == '\033') {
			line = slice_from(line, ansi_escape(line));
			continue;
		}
		if ((c < 0x20 && c != '\t') || c == 0x7f) {
			line = slice_from(line, 1);
			continue;
		}
		k = character(line);
		if (n + (k > 0 ? k : 3) > room)
			break;
		memcpy(out + n, k > 0 ? line.p : "\xef\xbf\xbd", k > 0 ? k : 3);
		n += k > 0 ? k : 3;
		line = slice_from(line, k > 0 ? k : 1);
	}
	out[n] = '\0';
	return out;
}

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || strchr("_-/.\"'`", c) != NULL;
}

/* Behind "x.c:3:5: error: ", "configure: error: ", "ERROR: "; s itself if it
 * has no such label or nothing behind it. */
static struct slice
behind_label(struct slice s)
{
	static const char label[] = "error:";
	const size_t n = sizeof(label) - 1;

	for (size_t i = 0; i + n <= s.n && i < LABEL_MAX; i++) {
		struct slice rest;
		if (strncasecmp(s.p + i, label, n) != 0 ||
		    (i > 0 && is_word_byte(s.p[i - 1])))
			continue;
		rest = slice_trim(slice_from(s, i + n));
		return rest.n > 0 ? rest : s;
	}
	return s;
}

static struct slice
behind(struct slice s, const char *word)
{
	const char *at = memmem(s.p, s.n, word, strlen(word));
	struct slice rest;

	if (at == NULL)
		return s;
	rest = slice_trim(slice_from(s, (size_t)(at - s.p) + strlen(word)));
	return rest.n > 0 ? rest : s;
}

/* "zlib-1.3.1-r0 do_compile: " */
static struct slice
without_task(struct slice s)
{
	const char *task = memmem(s.p, s.n, " do_", 4);
	struct slice rest, name;

	if (task == NULL || memchr(s.p, ' ', s.n) != task)
		return s;
	rest = slice_from(s, (size_t)(task - s.p) + 1);
	if (!slice_cut(&rest, ':', &name) || memchr(name.p, ' ', name.n))
		return s;
	rest = slice_trim(rest);
	return rest.n > 0 ? rest : s;
}

/* "x.c:3:5: ", "x.c:(.text+0x9): ", "./main.go:5:2: " */
static struct slice
without_place(struct slice s)
{
	const char *end = memmem(s.p, s.n, ": ", 2), *colon;
	struct slice rest;

	if (end == NULL || memchr(s.p, ' ', (size_t)(end - s.p)) != NULL)
		return s;
	colon = memchr(s.p, ':', s.n);
	if (colon == end ||
	    (!isdigit((unsigned char)colon[1]) && colon[1] != '('))
		return s;
	rest = slice_trim(slice_from(s, (size_t)(end - s.p) + 2));
	return rest.n > 0 ? rest : s;
}

/* "/usr/bin/install: " becomes "install: ". */
static struct slice
without_directory(struct slice s)
{
	const char *end = memmem(s.p, s.n, ": ", 2), *slash;

	if (s.n == 0 || s.p[0] != '/' || end == NULL ||
	    memchr(s.p, ' ', (size_t)(end - s.p)) != NULL)
		return s;
	slash = memrchr(s.p, '/', (size_t)(end - s.p));
	return slice_from(s, (size_t)(slash - s.p) + 1);
}

/* " [-Werror=implicit-function-declaration]" */
static struct slice
without_option(struct slice s)
{
	const char *at = s.n > 0 ? memrchr(s.p, '[', s.n) : NULL;

	if (at != NULL && at > s.p && s.p[s.n - 1] == ']' &&
	    slice_starts(slice_from(s, (size_t)(at - s.p)), "[-W"))
		return slice_trim((struct slice){s.p, (size_t)(at - s.p)});
	return s;
}

static struct slice
brief(struct slice s)
{
	static const char *const speaks[] = {"undefined reference to ",
	    "multiple definition of ", "cannot find -l", "nothing provides "};

	s = slice_trim(s);
	if (slice_starts(s, "| "))
		s = slice_trim(slice_from(s, 2));
	for (size_t i = 0; i < sizeof(speaks) / sizeof(*speaks); i++) {
		const char *at = memmem(s.p, s.n, speaks[i], strlen(speaks[i]));
		if (at != NULL)
			return slice_from(s, (size_t)(at - s.p));
	}
	if (slice_starts(s, "CMake Error at "))
		return behind(s, "): ");
	if (slice_starts(s, "fatal: ") || slice_starts(s, "E: "))
		return behind(s, ": ");
	if (memmem(s.p, s.n, ": *** [", 7) == NULL)
		s = behind(behind(s, ": *** "), ": **** ");
	s = without_task(behind_label(s));
	return without_option(without_directory(without_place(s)));
}

char *
error_line_brief(struct arena *a, const char *text, size_t max)
{
	struct slice s = brief(slice_of(text));

	if (s.n > max) {
		s.n = max;
		while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
			s.n--;
	}
	return arena_strndup(a, s.p, s.n);
}

const char *
error_line_word(enum line_kind kind)
{
	switch (kind) {
	case LINE_PLAIN:
		break;
	case LINE_CONTEXT:
		return "context";
	case LINE_WARNING:
		return "warning";
	case LINE_TRAILER:
		return "trailer";
	case LINE_ERROR:
		return "error";
	}
	return "plain";
}
