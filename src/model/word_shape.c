/* word_shape.c: see word_shape.h. */
#include "model/word_shape.h"

#include <ctype.h>

#include "model/scan.h"

size_t
word_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

static size_t
hex_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.n && isxdigit((unsigned char)s.p[n]))
		n++;
	return n;
}

/* Does s start with what the shape says?  d is a digit, x a hexadecimal one,
 * everything else itself. */
static bool
has_shape(struct slice s, const char *shape)
{
	size_t i = 0;

	for (; shape[i] != '\0'; i++) {
		char c = byte_at(s, i);
		if (shape[i] == 'd'   ? !is_digit(c)
		    : shape[i] == 'x' ? !isxdigit((unsigned char)c)
				      : c != shape[i])
			return false;
	}
	return true;
}

/* 12:34:56 with a fraction, and a zone behind it; 0 if it is none. */
static size_t
clock_length(struct slice s)
{
	size_t n;

	if (has_shape(s, "dd:dd:dd"))
		n = 8;
	else if (has_shape(s, "d:dd:dd"))
		n = 7;
	else
		return 0;
	if (is_one_of(byte_at(s, n), ".,") && is_digit(byte_at(s, n + 1)))
		n += 1 + word_digits(slice_from(s, n + 1));
	if (byte_at(s, n) == 'Z')
		return n + 1;
	if (has_shape(slice_from(s, n), "+dd:dd") ||
	    has_shape(slice_from(s, n), "-dd:dd"))
		return n + 6;
	if (has_shape(slice_from(s, n), "+dddd") ||
	    has_shape(slice_from(s, n), "-dddd"))
		return n + 5;
	return n;
}

static bool
is_name_of(struct slice s, const char *names)
{
	for (; *names != '\0'; names += 3)
		if (s.n >= 3 && memcmp(s.p, names, 3) == 0)
			return true;
	return false;
}

/* "Nov 22 14:05:12" and what may stand behind it: " UTC", " 2026". */
static size_t
month_length(struct slice s)
{
	size_t n = 3, clock;

	if (!is_name_of(s, "JanFebMarAprMayJunJulAugSepOctNovDec"))
		return 0;
	while (byte_at(s, n) == ' ')
		n++;
	if (n == 3 || word_digits(slice_from(s, n)) == 0 ||
	    word_digits(slice_from(s, n)) > 2)
		return 0;
	n += word_digits(slice_from(s, n));
	if (byte_at(s, n) != ' ' ||
	    (clock = clock_length(slice_from(s, n + 1))) == 0)
		return 0;
	n += 1 + clock;
	if (byte_at(s, n) == ' ' && isupper((unsigned char)byte_at(s, n + 1)) &&
	    isupper((unsigned char)byte_at(s, n + 2)) &&
	    isupper((unsigned char)byte_at(s, n + 3)) &&
	    !is_word_byte(byte_at(s, n + 4)))
		n += 4;
	if (has_shape(slice_from(s, n), " dddd") &&
	    !is_digit(byte_at(s, n + 5)))
		n += 5;
	return n;
}

/* Dates and times of day in the forms that programs print. */
size_t
word_time_length(struct slice s)
{
	size_t n, clock;

	if (is_name_of(s, "MonTueWedThuFriSatSun")) {
		n = byte_at(s, 3) == ',' ? 4 : 3;
		clock = byte_at(s, n) == ' '
			    ? month_length(slice_from(s, n + 1))
			    : 0;
		return clock > 0 ? n + 1 + clock : 0;
	}
	if (is_letter(byte_at(s, 0)))
		return month_length(s);
	if (has_shape(s, "dddd-dd-dd") || has_shape(s, "dddd/dd/dd")) {
		n = 10;
		if (is_one_of(byte_at(s, n), "T ") &&
		    (clock = clock_length(slice_from(s, n + 1))) > 0)
			n += 1 + clock;
	} else {
		n = clock_length(s);
	}
	return is_word_byte(byte_at(s, n)) && byte_at(s, n) != '.' ? 0 : n;
}

bool
word_is_uuid(struct slice w)
{
	return w.n == 36 &&
	       has_shape(w, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

/* At least seven hexadecimal digits that are neither a number nor a word. */
bool
word_is_hash(struct slice w)
{
	bool digit = false, letter = false;

	if (w.n < 7 || hex_digits(w) != w.n)
		return false;
	for (size_t i = 0; i < w.n; i++) {
		digit |= is_digit(w.p[i]);
		letter |= !is_digit(w.p[i]);
	}
	return digit && letter;
}

/* 12, 0.5, 45%, 12ms, 3.5GiB */
bool
word_is_number(struct slice w)
{
	static const char *const units[] = {"", "%", "s", "ms", "us", "ns", "m",
	    "h", "k", "K", "M", "G", "B", "kB", "KB", "MB", "GB", "KiB", "MiB",
	    "GiB", "th", "st", "nd", "rd"};
	size_t n = word_digits(w);

	if (n == 0)
		return false;
	if (byte_at(w, n) == '.' && is_digit(byte_at(w, n + 1)))
		n += 1 + word_digits(slice_from(w, n + 1));
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (slice_is(slice_from(w, n), units[i]))
			return true;
	return false;
}

/* Digits, a dot, and a digit: 1.2.3-r0, 2.38+git0+abc, 1.0rc1. */
bool
word_is_version(struct slice w)
{
	size_t n = word_digits(w);

	return n > 0 && byte_at(w, n) == '.' && is_digit(byte_at(w, n + 1));
}

/* ".tar.gz" of "1.3.1.tar.gz": the endings that begin with a letter. */
struct slice
word_endings(struct slice w)
{
	size_t at = w.n, start = w.n;

	while (at > 0 && w.n - at < 24) {
		at--;
		if (w.p[at] == '.' && is_letter(byte_at(w, at + 1)))
			start = at;
		else if (!isalnum((unsigned char)w.p[at]))
			break;
	}
	return slice_from(w, start);
}

/* What a compiler or mktemp made up: ccXgT5u2.o, tmp.Ab3dE5, tmpa1b2c3d4. */
bool
word_is_temporary(struct slice w)
{
	size_t start = slice_starts(w, "tmp.") ? 4 : 0, n = start;
	bool odd = false;

	while (n < w.n && (isalnum((unsigned char)w.p[n]) || w.p[n] == '_')) {
		odd |= n >= 2 && !islower((unsigned char)w.p[n]);
		n++;
	}
	if (start > 0)
		return n >= 10 && odd;
	if (slice_starts(w, "tmp"))
		return n == 11 && odd;
	return slice_starts(w, "cc") && n == 8 && odd && byte_at(w, n) == '.';
}

/* Where a version begins behind a name, as in zlib-1.3.1-r0; w.n if nowhere.
 * The versions of symbols, GLIBC_2.38, are names. */
size_t
word_version_at(struct slice w)
{
	bool lower = false;

	for (size_t i = 0; i + 1 < w.n; i++) {
		lower |= islower((unsigned char)w.p[i]) != 0;
		if (i > 0 && (w.p[i] == '-' || (w.p[i] == '_' && lower)) &&
		    word_is_version(slice_from(w, i + 1)))
			return i + 1;
	}
	return w.n;
}

/* "run.do_compile.12345": the number of a process. */
size_t
word_without_pid(struct slice w)
{
	size_t n = w.n;

	while (n > 0 && is_digit(w.p[n - 1]))
		n--;
	return n > 1 && w.n - n >= 3 && w.p[n - 1] == '.' &&
		       !is_digit(w.p[n - 2])
		   ? n
		   : w.n;
}

/* -r0 at the end: a recipe as it was built */
bool
word_is_built(struct slice w)
{
	size_t n = w.n;

	while (n > 0 && is_digit(w.p[n - 1]))
		n--;
	return n < w.n && n > 2 && w.p[n - 1] == 'r' && w.p[n - 2] == '-';
}

/* joe@mail.example.org, but not memcpy@GLIBC_2.14 or git@host:x. */
bool
word_is_mail(struct slice w)
{
	const char *at = memchr(w.p, '@', w.n);
	struct slice host;

	if (at == NULL || at == w.p || memchr(w.p, '/', w.n) != NULL)
		return false;
	host = slice_from(w, (size_t)(at - w.p) + 1);
	if (host.n == 0 || !islower((unsigned char)host.p[0]) ||
	    memchr(host.p, '.', host.n) == NULL)
		return false;
	for (size_t i = 0; i < host.n; i++)
		if (!islower((unsigned char)host.p[i]) &&
		    !is_digit(host.p[i]) && !is_one_of(host.p[i], ".-"))
			return false;
	return true;
}

/* 0x7ffd12ab */
bool
word_is_hex(struct slice w)
{
	return w.n > 2 && w.p[0] == '0' && is_one_of(w.p[1], "xX") &&
	       hex_digits(slice_from(w, 2)) == w.n - 2;
}
