/* serve.c: one request, one way through the code. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/db.h"
#include "web/exchange.h"
#include "web/response.h"
#include "web/route.h"

/* Beyond this a body that nobody wants is not read to its end. */
#define DRAIN_BYTES_MAX (INT64_C(4) << 30)

static int64_t
clock_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum err
check_method(struct exchange *x)
{
	const struct route *r = x->req.route;
	unsigned allowed = r->methods;

	if ((allowed & METHOD_GET) != 0)
		allowed |= METHOD_HEAD;
	if ((allowed & x->req.method) != 0)
		return ERR_OK;
	x->error_status = 405;
	response_header(x, "Allow: %s",
	    (allowed & METHOD_GET) == 0    ? "POST"
	    : (allowed & METHOD_POST) == 0 ? "GET, HEAD"
					   : "GET, HEAD, POST");
	return err_set(&x->ei, ERR_INPUT, "This address takes %s only.",
	    (allowed & METHOD_GET) == 0 ? "POST" : "GET and HEAD");
}

/* "/buildstats" for "/buildstats/", and "/". */
static bool
redirect_to_base(struct exchange *x)
{
	const char *base = x->app->opt->base;
	const char *uri = x->io->env(x->io->arg, "REQUEST_URI");
	size_t n = strlen(base) - 1;
	struct buf nothing = BUF_INIT;
	bool top = x->req.where == IN_ROOT && x->req.nsegments == 0;

	if (uri == NULL || n == 0 ||
	    (x->req.method & (METHOD_GET | METHOD_HEAD)) == 0)
		return false;
	if (!top &&
	    (strncmp(uri, base, n) != 0 || (uri[n] != '\0' && uri[n] != '?')))
		return false;
	response_header(x, "Location: %s%s", x->req.site, base);
	response_send(x, 301, TYPE_TEXT, &nothing);
	return true;
}

static enum err
answer(struct exchange *x)
{
	enum err err = request_read(x->arena, x->io, x->app->opt->base,
	    x->app->opt->site, &x->req, &x->ei);

	if (err == ERR_OK)
		err = route_find(x->arena, &x->req, &x->ei);
	if (err == ERR_NOT_FOUND && redirect_to_base(x))
		return ERR_OK;
	if (err == ERR_OK)
		err = check_method(x);
	if (err == ERR_OK)
		err = params_read(x->arena, x->req.query, x->req.route->params,
		    x->now, &x->req.params, &x->ei);
	if (err != ERR_OK)
		return err;
	return x->req.route->page != NULL ? page_serve(x)
					  : x->req.route->handler(x);
}

/* Takes the rest of a body, so that the front end gets to read our answer
 * instead of stumbling over a closed connection. */
static void
drain(struct exchange *x)
{
	char waste[8192];
	int64_t total = 0;
	long n;

	while (total < DRAIN_BYTES_MAX &&
	       (n = x->io->read(x->io->arg, waste, sizeof(waste))) > 0)
		total += n;
	if (total >= DRAIN_BYTES_MAX)
		x->broken = true;
}

static void
account(struct exchange *x, int64_t us)
{
	struct stats *s = x->app->stats;
	unsigned queries = db_take_query_count(x->app->db);
	size_t route = x->req.route != NULL ? (size_t)(x->req.route - routes)
					    : routes_count;

	s->requests[route][x->status / 100 % STATS_CLASSES]++;
	s->microseconds[route] += (uint64_t)us;
	s->bytes_sent += x->bytes;
	s->queries += queries;
	if (x->app->opt->access_log)
		fprintf(stderr, "%s %s %s %d %.1fms %" PRIu64 "B %uq %s\n",
		    x->req.remote != NULL ? x->req.remote : "-",
		    x->req.method == METHOD_POST ? "POST" : "GET",
		    x->req.route != NULL ? x->req.route->name : "-", x->status,
		    (double)us / 1e3, x->bytes, queries, x->req.path);
}

void
serve(struct exchange *x, struct app *app, const struct io *io)
{
	int64_t begin = clock_us(CLOCK_MONOTONIC);
	enum err err;

	arena_reset(app->arena);
	arena_reset(app->page_arena);
	buf_reset(&app->out);
	*x = (struct exchange){
	    .app = app,
	    .io = io,
	    .arena = app->arena,
	    .now = clock_us(CLOCK_REALTIME),
	};
	err = answer(x);
	if (err != ERR_OK)
		response_error(x, err);
	drain(x);
	account(x, clock_us(CLOCK_MONOTONIC) - begin);
}
