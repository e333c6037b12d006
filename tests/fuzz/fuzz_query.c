/*
 * fuzz_query.c: a request's address and query string, byte by byte.  The
 * input is what stands behind GET; what is read must survive being made into
 * a link and read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "web/links.h"
#include "web/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *
env(void *arg, const char *name)
{
	return strcmp(name, "REQUEST_URI") == 0 ? arg : NULL;
}

static long
no_body(void *arg, void *into, size_t n)
{
	(void)arg, (void)into, (void)n;
	return 0;
}

static void
nowhere(void *arg, const void *data, size_t n)
{
	(void)arg, (void)data, (void)n;
}

static enum err
read_uri(struct arena *a, char *uri, struct request *r)
{
	struct io io = {env, no_body, nowhere, uri};
	struct errinfo ei = {0};
	enum err err = request_read(a, &io, "/b/", NULL, r, &ei);

	if (err == ERR_OK)
		err = params_read(a, r->query, (param_set)~0U,
		    INT64_C(1795352027000000), &r->params, &ei);
	if (err != ERR_OK && !utf8_clean(ei.text, strlen(ei.text)))
		abort();
	return err;
}

static void
same(const struct request *a, const struct request *b)
{
	if (strcmp(a->path, b->path) != 0 || a->form != b->form ||
	    a->params.all != b->params.all)
		abort();
	for (size_t p = 0; p < P__MAX; p++) {
		const struct param_value *v = &a->params.value[p];
		const struct param_value *w = &b->params.value[p];
		if (v->n != w->n || v->i != w->i)
			abort();
		for (size_t i = 0; i < v->n; i++)
			if (strcmp(v->text[i], w->text[i]) != 0)
				abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	char *uri = arena_printf(a, "/b/%s", arena_strndup(a, data, size));
	struct request first, second;

	if (read_uri(a, uri, &first) == ERR_OK) {
		struct page_context cx = {
		    .arena = a, .base = "/b/", .request = &first};
		char *link = links_self(&cx, first.suffix, P__MAX, SIZE_MAX);
		/* A link can be longer than what it was made of. */
		if (strlen(link) < PATH_BYTES_MAX) {
			if (read_uri(a, link, &second) != ERR_OK)
				abort();
			same(&first, &second);
		}
		page_self_with(&cx, P_SORT, "-x");
	}
	arena_free(a);
	return 0;
}
