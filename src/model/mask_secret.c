/*
 * mask_secret.c: secrets in a line, known by their name (FOO_TOKEN=...), by
 * how they start (ghp_...), or by what announces them (Authorization: ...).
 */
#include <ctype.h>
#include <string.h>

#include "model/gram.h"
#include "model/mask_find.h"
#include "model/scan.h"

#define NAME_MAX_BYTES 64
#define VALUE_LOOK 256 /* bytes of a value that are looked at */
static const char value_ends[] = "\"';&,)<>|\\`";
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum announce {
	BY_PREFIX, /* the word starts the secret */
	BY_HEADER, /* the word is a header's name */
	BY_NAME,   /* the word ends a name that has a value */
	BY_PART,   /* the word is part of such a name */
	BY_KEY     /* a private key begins */
};

struct secret {
	const char *word;
	enum announce how;
	unsigned least;   /* BY_PREFIX: bytes that follow */
	const char *also; /* BY_PREFIX: bytes in it beside letters, digits */
};

static const struct secret secrets[] = {
    {"ghp_", BY_PREFIX, 16, ""},
    {"gho_", BY_PREFIX, 16, ""},
    {"ghu_", BY_PREFIX, 16, ""},
    {"ghs_", BY_PREFIX, 16, ""},
    {"ghr_", BY_PREFIX, 16, ""},
    {"github_pat_", BY_PREFIX, 20, "_"},
    {"glpat-", BY_PREFIX, 16, "_-"},
    {"gldt-", BY_PREFIX, 16, "_-"},
    {"glrt-", BY_PREFIX, 16, "_-"},
    {"xoxa-", BY_PREFIX, 10, "-"},
    {"xoxb-", BY_PREFIX, 10, "-"},
    {"xoxe-", BY_PREFIX, 10, "-"},
    {"xoxp-", BY_PREFIX, 10, "-"},
    {"xoxr-", BY_PREFIX, 10, "-"},
    {"xoxs-", BY_PREFIX, 10, "-"},
    {"AKIA", BY_PREFIX, 16, NULL},
    {"ASIA", BY_PREFIX, 16, NULL},
    {"AIza", BY_PREFIX, 30, "_-"},
    {"npm_", BY_PREFIX, 30, ""},
    {"pypi-AgEI", BY_PREFIX, 16, "_-"},
    {"dckr_pat_", BY_PREFIX, 16, "_-"},
    {"eyJh", BY_PREFIX, 40, "_-."},
    {"eyJ0", BY_PREFIX, 40, "_-."},
    {"eyJr", BY_PREFIX, 40, "_-."},
    {"authorization", BY_HEADER, 0, NULL},
    {"private-token", BY_HEADER, 0, NULL},
    {"x-auth-token", BY_HEADER, 0, NULL},
    {"x-api-key", BY_HEADER, 0, NULL},
    {"token", BY_NAME, 0, NULL},
    {"password", BY_NAME, 0, NULL},
    {"passwd", BY_NAME, 0, NULL},
    {"passphrase", BY_NAME, 0, NULL},
    {"pswd", BY_NAME, 0, NULL},
    {"apikey", BY_NAME, 0, NULL},
    {"api_key", BY_NAME, 0, NULL},
    {"api-key", BY_NAME, 0, NULL},
    {"access_key", BY_NAME, 0, NULL},
    {"secret", BY_PART, 0, NULL},
    {"begin ", BY_KEY, 0, NULL},
};

static struct grams secret_grams;
static unsigned char same[COUNT(secrets)];

static void
prepare(void)
{
	static bool done;

	if (done)
		return;
	for (size_t i = COUNT(secrets); i-- > 0;)
		same[i] = grams_add(
		    &secret_grams, secrets[i].word, (unsigned char)(i + 1));
	done = true;
}

static bool
is_alnum(char c)
{
	return isalnum((unsigned char)c) != 0;
}

static size_t
skip_blanks(struct slice s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	return at;
}

static bool
by_prefix(
    struct slice s, size_t at, const struct secret *w, struct mask_span *out)
{
	size_t n = strlen(w->word), end = at + n;

	if (memcmp(s.p + at, w->word, n) != 0 ||
	    (at > 0 && is_alnum(s.p[at - 1])))
		return false;
	while (end < s.n &&
	       (w->also == NULL
		       ? isupper((unsigned char)s.p[end]) ||
			     isdigit((unsigned char)s.p[end])
		       : is_alnum(s.p[end]) || is_one_of(s.p[end], w->also)))
		end++;
	if (end - at - n < w->least ||
	    (w->also == NULL && is_alnum(byte_at(s, end))))
		return false;
	*out = (struct mask_span){at, end, false};
	return true;
}

static size_t
word_end(struct slice s, size_t at, const char *stops)
{
	while (at < s.n && (unsigned char)s.p[at] > ' ' &&
	       !is_one_of(s.p[at], stops))
		at++;
	return at;
}

/* "Bearer " and the like: the place behind it, or at. */
static size_t
skip_scheme(struct slice s, size_t at, bool *rest)
{
	static const char *const schemes[] = {"bearer", "basic", "token",
	    "negotiate", "apikey", "digest", "aws4-hmac-sha256"};

	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t n = strlen(schemes[i]);
		if (s.n - at <= n || s.p[at + n] != ' ' ||
		    strncasecmp(s.p + at, schemes[i], n) != 0)
			continue;
		*rest = i >= COUNT(schemes) - 2;
		return skip_blanks(s, at + n);
	}
	return at;
}

static bool
by_header(
    struct slice s, size_t at, const struct secret *w, struct mask_span *out)
{
	size_t start = at + strlen(w->word), value, end;
	bool rest = false;

	if (is_one_of(byte_at(s, start), "\"'"))
		start++;
	start = skip_blanks(s, start);
	if (!is_one_of(byte_at(s, start), ":="))
		return false;
	value = skip_blanks(s, start + 1);
	if (is_one_of(byte_at(s, value), "\"'"))
		value++;
	start = skip_scheme(s, value, &rest);
	end = rest ? word_end(s, start, "\"'\\") : start;
	/* what has parameters goes up to the quote or the line's end */
	while (rest && end < s.n && !is_one_of(s.p[end], "\"'\\"))
		end++;
	if (!rest)
		end = word_end(s, start, "\"'\\<>`");
	if (end - start < (start > value ? 1 : 8) ||
	    is_one_of(s.p[start], "$*%"))
		return false;
	*out = (struct mask_span){start, end, false};
	return true;
}

static bool
is_name_byte(char c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Behind "\033[1m", whose end looks like a part of the name that follows. */
static size_t
behind_colour(struct slice s, size_t start, size_t end)
{
	size_t at = start;

	while (at < end && isdigit((unsigned char)s.p[at]))
		at++;
	if (at == end || s.p[at] != 'm')
		return start;
	for (size_t i = start; i > 0 && start - i < 8; i--)
		if (s.p[i - 1] == '\033')
			return at + 1;
	return start;
}

/* The name that a word is part of. */
static struct slice
name_around(struct slice s, size_t at, size_t n)
{
	size_t start = at, end = at + n;

	while (start > 0 && at - start < NAME_MAX_BYTES &&
	       is_name_byte(s.p[start - 1]))
		start--;
	while (end < s.n && end - at < NAME_MAX_BYTES && is_name_byte(s.p[end]))
		end++;
	start = behind_colour(s, start, at);
	return (struct slice){s.p + start, end - start};
}

/* DB_TOKEN, accessToken and -DTOKEN have such a part, LIBSECRET hasn't. */
static bool
starts_part(struct slice name, size_t at)
{
	char before = at > 0 ? name.p[at - 1] : '_';

	return !is_alnum(before) ||
	       (islower((unsigned char)before) &&
		   isupper((unsigned char)name.p[at])) ||
	       (at == 2 && name.p[0] == '-' && before == 'D');
}

static bool
is_secret_name(struct slice name, size_t at, const struct secret *w)
{
	static const char *const other[] = {"FILE", "file", "DIR", "dir",
	    "PATH", "path", "CFLAGS", "LIBS", "NAME", "name"};
	size_t end = at + strlen(w->word);

	if (w->how == BY_NAME)
		return end == name.n &&
		       (starts_part(name, at) || is_one_of(*w->word, "p"));
	if (!starts_part(name, at) ||
	    (end < name.n && !is_one_of(name.p[end], "_-.sSKA")))
		return false;
	for (size_t i = 0; i < COUNT(other); i++)
		if (slice_ends(name, other[i]))
			return false;
	return true;
}

/* What a name is set to that tells nothing. */
static bool
tells_nothing(struct slice v)
{
	static const char *const words[] = {"yes", "no", "true", "false", "on",
	    "off", "none", "null", "nil", "enabled", "disabled", "auto", "TRUE",
	    "FALSE", "ON", "OFF", "True", "False", "None", "NULL"};
	size_t digits = 0;

	if (v.n < 2 || is_one_of(v.p[0], "$%@<{(") || slice_is(v, "***"))
		return true;
	for (size_t i = 0; i < COUNT(words); i++)
		if (slice_is(v, words[i]))
			return true;
	while (digits < v.n && isdigit((unsigned char)v.p[digits]))
		digits++;
	return digits == v.n && v.n < 4;
}

static bool
has_digit(struct slice v)
{
	for (size_t i = 0; i < v.n && i < VALUE_LOOK; i++)
		if (isdigit((unsigned char)v.p[i]))
			return true;
	return false;
}

static bool
is_capital(struct slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if (islower((unsigned char)name.p[i]))
			return false;
	return true;
}

/* token=strtok(s) is a program, ?token=9f86d0 is not. */
static bool
is_code(struct slice s, struct slice name, struct slice v)
{
	size_t start = (size_t)(name.p - s.p), n = 0;
	char next;
	bool asked = slice_starts(name, "--") ||
		     (start > 0 && is_one_of(s.p[start - 1], "?&;"));

	if (is_capital(name))
		return false;
	while (n < v.n && n < VALUE_LOOK &&
	       (is_alnum(v.p[n]) || is_one_of(v.p[n], "+/_.~%=!-")))
		n++;
	next = n < v.n ? v.p[n] : ' ';
	if (n < VALUE_LOOK && next != ' ' && !asked)
		return true;
	return v.n < (asked ? 1 : 4) ||
	       !(asked || has_digit(v) || slice_ends(name, "password") ||
		   slice_ends(name, "passwd"));
}

/* A value in quotes, which may be those of a string within a string. */
static bool
quoted_value(struct slice s, size_t at, struct mask_span *out)
{
	size_t start = at + (byte_at(s, at) == '\\');
	char quote = byte_at(s, start), *end;

	if (!is_one_of(quote, "\"'"))
		return false;
	start++;
	end = memchr(s.p + start, quote, s.n - start);
	*out = (struct mask_span){
	    start, end != NULL ? (size_t)(end - s.p) : s.n, false};
	if (start - at == 2 && end != NULL && end > s.p + start &&
	    end[-1] == '\\')
		out->end--;
	return true;
}

/* Behind what sets a name: "=", " ?= ", "\": "; s.n if nothing does.
 * *loose: only a value in quotes can follow. */
static size_t
value_start(struct slice s, size_t at, bool *loose)
{
	bool closed = is_one_of(byte_at(s, at), "\"'");
	size_t start = skip_blanks(s, at + closed);

	*loose = closed || start > at;
	if (closed && byte_at(s, start) == ':')
		return skip_blanks(s, start + 1);
	for (int i = 0; i < 2 && is_one_of(byte_at(s, start), "?:+."); i++) {
		start++;
		*loose = true;
	}
	if (byte_at(s, start) != '=' || byte_at(s, start + 1) == '=')
		return s.n;
	start++;
	return *loose ? skip_blanks(s, start) : start;
}

static bool
by_name(
    struct slice s, size_t at, const struct secret *w, struct mask_span *out)
{
	struct slice name = name_around(s, at, strlen(w->word)), v;
	size_t name_at = (size_t)(name.p - s.p), start, near, end;
	bool loose;

	if (!is_secret_name(name, at - name_at, w))
		return false;
	start = value_start(s, name_at + name.n, &loose);
	if (start >= s.n)
		return false;
	if (quoted_value(s, start, out)) {
		v = (struct slice){s.p + out->start, out->end - out->start};
		return !tells_nothing(v);
	}
	/* what is refused must not have been read to the line's end */
	near = start + VALUE_LOOK < s.n ? start + VALUE_LOOK : s.n;
	end = word_end((struct slice){s.p, near}, start, value_ends);
	v = (struct slice){s.p + start, end - start};
	if (loose || tells_nothing(v) || is_code(s, name, v))
		return false;
	*out = (struct mask_span){start, word_end(s, end, value_ends), false};
	return true;
}

/* -----BEGIN RSA PRIVATE KEY----- */
static bool
by_key(struct slice s, size_t at, struct mask_span *out)
{
	static const char label[] = "PRIVATE KEY";
	size_t n = s.n - at < 64 ? s.n - at : 64, start;
	const char *found, *end;

	if (at < 5 || memcmp(s.p + at - 5, "-----BEGIN", 10) != 0)
		return false;
	found = memmem(s.p + at, n, label, sizeof(label) - 1);
	if (found == NULL || (found = memmem(found, s.n - (size_t)(found - s.p),
				  "-----", 5)) == NULL)
		return false;
	start = (size_t)(found - s.p) + 5;
	end = memmem(s.p + start, s.n - start, "-----END", 8);
	*out = (struct mask_span){
	    start, end != NULL ? (size_t)(end - s.p) : s.n, end == NULL};
	return true;
}

static bool
announced(
    struct slice s, size_t at, const struct secret *w, struct mask_span *out)
{
	size_t n = strlen(w->word);

	if (s.n - at < n || strncasecmp(s.p + at, w->word, n) != 0)
		return false;
	switch (w->how) {
	case BY_PREFIX:
		return by_prefix(s, at, w, out);
	case BY_HEADER:
		return by_header(s, at, w, out);
	case BY_NAME:
	case BY_PART:
		return by_name(s, at, w, out);
	case BY_KEY:
		return by_key(s, at, out);
	}
	return false;
}

bool
mask_find_secret(struct slice s, size_t from, struct mask_span *out)
{
	size_t at;
	unsigned char number;

	prepare();
	at = grams_next(&secret_grams, s, from, &number);
	while (number != 0) {
		for (; number != 0; number = same[number - 1])
			if (announced(s, at, &secrets[number - 1], out))
				return true;
		at = grams_next(&secret_grams, s, at + 1, &number);
	}
	return false;
}
