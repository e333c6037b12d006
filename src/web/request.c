/* request.c: see request.h. */
#include "web/request.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "web/links.h"

#define HOST_BYTES_MAX 255

static const struct {
	const char *suffix;
	enum form form;
} forms[] = {{".json", FORM_JSON}, {".xml", FORM_XML}, {".csv", FORM_CSV},
    {".txt", FORM_TEXT}, {".atom", FORM_ATOM}, {".svg", FORM_SVG}};

static const char *
env_of(const struct io *io, const char *name)
{
	const char *v = io->env(io->arg, name);

	return v != NULL ? v : "";
}

static enum method
read_method(const char *s)
{
	if (strcmp(s, "GET") == 0)
		return METHOD_GET;
	if (strcmp(s, "HEAD") == 0)
		return METHOD_HEAD;
	if (strcmp(s, "POST") == 0)
		return METHOD_POST;
	return METHOD_OTHER;
}

static bool
is_host(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "0123456789.-_:[]");

	return n > 0 && n <= HOST_BYTES_MAX && s[n] == '\0';
}

/* The scheme and host that the browser used.  What they say ends up in links
 * only, and only if it looks like a host. */
static const char *
read_site(struct arena *a, const struct io *io)
{
	const char *host = env_of(io, "HTTP_HOST");
	const char *scheme = env_of(io, "HTTP_X_FORWARDED_PROTO");

	if (scheme[0] == '\0')
		scheme = env_of(io, "REQUEST_SCHEME");
	if (!is_host(host))
		host = env_of(io, "SERVER_NAME");
	if (!is_host(host))
		host = "localhost";
	return arena_printf(a, "%s://%s",
	    strcmp(scheme, "https") == 0 ? "https" : "http", host);
}

/* The path as sent, without the query; SCRIPT_NAME where a front end gives
 * nothing better. */
static struct slice
read_target(struct arena *a, const struct io *io, const char **query)
{
	const char *uri = env_of(io, "REQUEST_URI");
	struct slice rest = slice_of(uri), path;

	*query = env_of(io, "QUERY_STRING");
	if (rest.n == 0) {
		uri = arena_printf(a, "%s%s", env_of(io, "SCRIPT_NAME"),
		    env_of(io, "PATH_INFO"));
		rest = slice_of(uri);
	}
	if (slice_cut(&rest, '?', &path) && (*query)[0] == '\0')
		*query = rest.p;
	return path;
}

/* Takes ".json" off the last segment. */
static void
cut_form(struct arena *a, struct request *r)
{
	struct slice last;

	r->suffix = "";
	if (r->nsegments == 0)
		return;
	last = slice_of(r->segment[r->nsegments - 1]);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!slice_ends(last, forms[i].suffix))
			continue;
		last.n -= strlen(forms[i].suffix);
		if (last.n == 0 && r->nsegments > 1)
			return; /* "/builds/.json" */
		r->form = forms[i].form;
		r->suffix = forms[i].suffix;
		if (last.n == 0)
			r->nsegments = 0; /* "/.json" is the overview's */
		else
			r->segment[r->nsegments - 1] =
			    arena_strndup(a, last.p, last.n);
		return;
	}
}

static enum err
read_segments(
    struct arena *a, struct slice path, struct request *r, struct errinfo *ei)
{
	struct slice s;

	while (path.n > 0) {
		const char *text;
		slice_cut(&path, '/', &s);
		if (s.n == 0)
			continue;
		if (!percent_decode(a, s.p, s.n, false, &text) ||
		    strcmp(text, "..") == 0 || strcmp(text, ".") == 0)
			return err_set(ei, ERR_INPUT,
			    "The address holds something that is no name.");
		if (r->nsegments == SEGMENTS_MAX)
			return err_set(
			    ei, ERR_NOT_FOUND, "There is no such page.");
		r->segment[r->nsegments++] = text;
	}
	return ERR_OK;
}

static enum err
read_path(struct arena *a, struct slice path, const char *base,
    struct request *r, struct errinfo *ei)
{
	size_t nbase = strlen(base) - 1; /* without the last slash */
	enum err err;

	if (path.n > PATH_BYTES_MAX)
		return err_set(ei, ERR_INPUT,
		    "The address has a path of more than %d bytes.",
		    PATH_BYTES_MAX);
	r->where = IN_ROOT;
	if (path.n > nbase && memcmp(path.p, base, nbase + 1) == 0) {
		r->where = nbase == 0 ? IN_BASE | IN_ROOT : IN_BASE;
		path.p += nbase;
		path.n -= nbase;
	}
	err = read_segments(a, path, r, ei);
	if (err == ERR_OK)
		cut_form(a, r);
	r->path = links_path(a, r->segment, r->nsegments);
	return err;
}

enum err
request_read(struct arena *a, const struct io *io, const char *base,
    const char *site, struct request *out, struct errinfo *ei)
{
	const char *length = env_of(io, "CONTENT_LENGTH");
	struct slice path;

	*out = (struct request){.suffix = "", .path = "/"};
	out->table = arena_zalloc(a, sizeof(*out->table));
	for (size_t i = 0; i < CAPTURES_MAX; i++)
		out->capture[i] = "";
	out->method = read_method(env_of(io, "REQUEST_METHOD"));
	out->site = site != NULL ? site : read_site(a, io);
	out->remote = env_of(io, "REMOTE_ADDR");
	out->content_type = env_of(io, "CONTENT_TYPE");
	out->authorization = env_of(io, "HTTP_AUTHORIZATION");
	out->accept = env_of(io, "HTTP_ACCEPT");
	out->content_length = -1;
	path = read_target(a, io, &out->query);
	if (length[0] != '\0' &&
	    (!str_to_i64(length, strlen(length), &out->content_length) ||
		out->content_length < 0))
		return err_set(
		    ei, ERR_INPUT, "The Content-Length is no number.");
	return read_path(a, path, base, out, ei);
}
