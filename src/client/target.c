/* target.c: see target.h. */
#include "client/target.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

static bool
is_loopback(struct slice host)
{
	return slice_starts(host, "localhost") || slice_starts(host, "127.") ||
	       slice_starts(host, "[::1]");
}

/* Blanks and control bytes would end up in the request. */
static bool
has_odd_bytes(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f ||
		    s.p[i] == '\\')
			return true;
	return false;
}

enum err
target_read(
    struct arena *a, const char *server, struct target *out, struct errinfo *ei)
{
	struct slice all = slice_trim(slice_of(server)), rest = all, host;
	bool secure = slice_starts(all, "https://");
	size_t scheme = secure ? 8 : 7;

	*out = (struct target){0};
	if (!secure && !slice_starts(all, "http://"))
		return err_set(ei, ERR_INPUT,
		    "'%.*s' does not begin with http:// or https://",
		    (int)(all.n < 200 ? all.n : 200), all.p);
	if (has_odd_bytes(all))
		return err_set(ei, ERR_INPUT, "the URL has blanks in it");
	rest.p += scheme;
	rest.n -= scheme;
	slice_cut(&rest, '/', &host);
	if (host.n == 0)
		return err_set(ei, ERR_INPUT, "the URL names no host");
	if (memchr(host.p, '@', host.n) != NULL)
		return err_set(ei, ERR_INPUT,
		    "no user or password in the URL; use --token");
	if (memchr(all.p, '?', all.n) != NULL ||
	    memchr(all.p, '#', all.n) != NULL)
		return err_set(ei, ERR_INPUT, "the URL has a ? or # in it");
	while (all.n > scheme + host.n && all.p[all.n - 1] == '/')
		all.n--;
	out->bare = all.n == scheme + host.n;
	out->exposed = !secure && !is_loopback(host);
	out->base = arena_strndup(a, all.p, all.n);
	out->upload = arena_printf(a, "%s/upload", out->base);
	return ERR_OK;
}
