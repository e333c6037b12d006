/* mask_find.c: see mask_find.h; addresses, directories and machines. */
#include "model/mask_find.h"
#include "model/scan.h"

#include <ctype.h>
#include <string.h>

#define LOCAL_MAX 64
#define HOST_MAX 255

static bool
is_alnum(char c)
{
	return isalnum((unsigned char)c) != 0;
}

static bool
is_host_byte(char c)
{
	return is_alnum(c) || c == '.' || c == '-';
}

static bool
is_local_byte(char c)
{
	return is_alnum(c) || is_one_of(c, "._%+-");
}

static size_t
find_text(struct slice s, size_t from, const char *text)
{
	const char *at =
	    from < s.n ? memmem(s.p + from, s.n - from, text, strlen(text))
		       : NULL;

	return at != NULL ? (size_t)(at - s.p) : s.n;
}

static size_t
find_byte(struct slice s, size_t from, char c)
{
	const char *at = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;

	return at != NULL ? (size_t)(at - s.p) : s.n;
}

/* The end of what stands between "://" and the path. */
static size_t
authority_end(struct slice s, size_t at)
{
	while (at < s.n && (unsigned char)s.p[at] > ' ' &&
	       !is_one_of(s.p[at], "/?#\"'<>`\\|,()[]{}"))
		at++;
	return at;
}

/* Is what stands before an @ a secret?  https://TOKEN@host is, ssh://git@host
 * is not, nor is ${USER}:${PASSWORD}@. */
static bool
is_secret_user(struct slice s, size_t scheme_end, struct slice user)
{
	size_t n = scheme_end < 5 ? scheme_end : 5;
	struct slice scheme = {s.p + scheme_end - n, n};
	bool http = slice_ends(scheme, "http") || slice_is(scheme, "https");

	if (user.n == 0 || is_one_of(user.p[0], "$%*@"))
		return false;
	return http || memchr(user.p, ':', user.n) != NULL;
}

static bool
find_userinfo(struct slice s, size_t from, struct mask_span *out)
{
	size_t at = from, end, last;

	if (find_byte(s, from, '@') == s.n)
		return false;
	while ((at = find_text(s, at, "://")) < s.n) {
		size_t scheme_end = at;
		at += 3;
		end = authority_end(s, at);
		for (last = end; last > at && s.p[last - 1] != '@'; last--)
			;
		if (last > at && is_secret_user(s, scheme_end,
				     (struct slice){s.p + at, last - 1 - at})) {
			*out = (struct mask_span){at, last - 1, false};
			return true;
		}
		at = end;
	}
	return false;
}

/* Of at least two labels, the last of letters. */
static bool
is_domain(struct slice s)
{
	const char *dot = s.n > 0 ? memrchr(s.p, '.', s.n) : NULL;
	size_t n = dot != NULL ? s.n - (size_t)(dot - s.p) - 1 : 0;

	if (n < 2 || dot == s.p)
		return false;
	for (size_t i = 1; i <= n; i++)
		if (!isalpha((unsigned char)dot[i]))
			return false;
	return true;
}

/* The host behind an @, without a dot that ends the sentence. */
static size_t
host_end(struct slice s, size_t at)
{
	size_t end = at;

	while (end < s.n && end - at < HOST_MAX && is_host_byte(s.p[end]))
		end++;
	while (end > at && !is_alnum(s.p[end - 1]))
		end--;
	return end;
}

static size_t
local_start(struct slice s, size_t from, size_t at)
{
	size_t start = at;

	while (start > from && at - start < LOCAL_MAX &&
	       is_local_byte(s.p[start - 1]))
		start--;
	return start;
}

static bool
find_email(struct slice s, size_t from, struct mask_span *out)
{
	for (size_t at = from; (at = find_byte(s, at, '@')) < s.n; at++) {
		size_t start = local_start(s, from, at);
		size_t end = host_end(s, at + 1);
		struct slice local = {s.p + start, at - start};
		bool in_url = start > 0 && is_one_of(s.p[start - 1], "/:");
		if (start == at || in_url || slice_is(local, "git") ||
		    !is_domain((struct slice){s.p + at + 1, end - at - 1}))
			continue;
		*out = (struct mask_span){start, end, false};
		return true;
	}
	return false;
}

/* A directory of that name at the start of a path; *end is behind it. */
static bool
find_directory(struct slice s, size_t *at, const char *name)
{
	for (; (*at = find_text(s, *at, name)) < s.n; ++*at)
		if (*at == 0 || !(is_alnum(s.p[*at - 1]) ||
				    is_one_of(s.p[*at - 1], "_.-*")))
			return true;
	return false;
}

static bool
find_below(struct slice s, size_t from, const char *name, struct mask_span *out)
{
	for (size_t at = from; find_directory(s, &at, name); at++) {
		size_t start = at + strlen(name), end = start;
		while (end < s.n &&
		       (is_alnum(s.p[end]) || is_one_of(s.p[end], "_.-")))
			end++;
		if (end == start)
			continue;
		*out = (struct mask_span){start, end, false};
		return true;
	}
	return false;
}

static bool
find_home(struct slice s, size_t from, struct mask_span *out)
{
	return find_below(s, from, "/home/", out);
}

static bool
find_users(struct slice s, size_t from, struct mask_span *out)
{
	return find_below(s, from, "/Users/", out);
}

static bool
find_root(struct slice s, size_t from, struct mask_span *out)
{
	for (size_t at = from; find_directory(s, &at, "/root"); at++) {
		size_t end = at + 5;
		if (end < s.n &&
		    (is_alnum(s.p[end]) || is_one_of(s.p[end], "_.-")))
			continue;
		*out = (struct mask_span){at + 1, end, false};
		return true;
	}
	return false;
}

/* The host of an authority, without its port. */
static bool
host_span(struct slice s, size_t start, size_t end, struct mask_span *out)
{
	size_t stop = start;

	while (stop < end && s.p[stop] != ':')
		stop++;
	*out = (struct mask_span){start, stop, false};
	return stop > start && s.p[start] != '$' && s.p[start] != '*';
}

static bool
find_url_host(struct slice s, size_t from, struct mask_span *out)
{
	size_t at = from;

	/* the user before it has just been masked */
	if (from > 0 && byte_at(s, from) == '@' &&
	    host_span(s, from + 1, authority_end(s, from + 1), out))
		return true;
	while ((at = find_text(s, at, "://")) < s.n) {
		size_t end = authority_end(s, at + 3), start = end;
		while (start > at + 3 && s.p[start - 1] != '@')
			start--;
		at = end;
		if (host_span(s, start, end, out))
			return true;
	}
	return false;
}

/* builder@vm1, but not memcpy@GLIBC_2.14 or left-pad@1.3.0. */
static bool
find_at_host(struct slice s, size_t from, struct mask_span *out)
{
	for (size_t at = from; (at = find_byte(s, at, '@')) < s.n; at++) {
		size_t end = host_end(s, at + 1);
		if (at == 0 || !is_local_byte(s.p[at - 1]) || end == at + 1 ||
		    !isalpha((unsigned char)s.p[at + 1]) ||
		    (end < s.n && is_one_of(s.p[end], "_@")))
			continue;
		*out = (struct mask_span){at + 1, end, false};
		return true;
	}
	return false;
}

/* Four numbers of at most three digits; the end, or at if there are none. */
static size_t
ipv4_end(struct slice s, size_t at)
{
	size_t end = at;

	for (int part = 0; part < 4; part++) {
		size_t digits = 0;
		unsigned v = 0;
		for (; end < s.n && digits < 4 &&
		       isdigit((unsigned char)s.p[end]);
		     end++, digits++)
			v = v * 10 + (unsigned)(s.p[end] - '0');
		if (digits == 0 || digits > 3 || v > 255)
			return at;
		if (part < 3 && (end >= s.n || s.p[end++] != '.'))
			return at;
	}
	if (end < s.n && (is_alnum(s.p[end]) || is_one_of(s.p[end], "_")))
		return at;
	return end;
}

/* Of at least four groups with a digit among them, so that std::min isn't
 * one, nor a time. */
static size_t
ipv6_end(struct slice s, size_t at)
{
	size_t end = at, colons = 0;
	bool digit = false, pair = false;

	for (; end < s.n && end - at < 45 &&
	       (isxdigit((unsigned char)s.p[end]) || s.p[end] == ':');
	     end++) {
		if (s.p[end] == ':') {
			colons++;
			pair |= end > at && s.p[end - 1] == ':';
		}
		digit |= isdigit((unsigned char)s.p[end]) != 0;
	}
	if (end < s.n && (is_alnum(s.p[end]) || s.p[end] == '_'))
		return at;
	return digit && (colons == 7 || (pair && colons >= 3)) ? end : at;
}

static bool
find_ip(struct slice s, size_t from, struct mask_span *out)
{
	for (size_t at = from; at < s.n; at++) {
		size_t end;
		if (!isxdigit((unsigned char)s.p[at]) ||
		    (at > 0 && (is_alnum(s.p[at - 1]) ||
				   is_one_of(s.p[at - 1], "_.:-"))))
			continue;
		end = ipv4_end(s, at);
		if (end == at)
			end = ipv6_end(s, at);
		if (end == at ||
		    slice_starts(
			(struct slice){s.p + at, end - at}, "127.0.0.1"))
			continue;
		*out = (struct mask_span){at, end, false};
		return true;
	}
	return false;
}

const struct mask_finder mask_finders[MASK_FINDERS] = {
    {MASK_CREDENTIALS, find_userinfo},
    {MASK_CREDENTIALS, mask_find_secret},
    {MASK_EMAILS, find_email},
    {MASK_HOMES, find_home},
    {MASK_HOMES, find_users},
    {MASK_HOMES, find_root},
    {MASK_HOSTS, find_url_host},
    {MASK_HOSTS, find_at_host},
    {MASK_HOSTS, find_ip},
};
