/* main.c: buildstats-fcgi, the stateless worker behind nginx. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/db.h"
#include "web/background.h"
#include "web/exchange.h"
#include "web/fcgi.h"
#include "web/oestats.h"
#include "web/options.h"
#include "web/prefork.h"
#include "web/route.h"
#include "xml/xslt.h"

#define PROGRAM "buildstats-fcgi"
#define PAGE_BYTES_MAX ((size_t)64 << 20)

struct program {
	struct app app;
	int sock;
};

static int
fail(const struct errinfo *ei)
{
	fprintf(stderr, PROGRAM ": %s%s%s\n", ei->text,
	    ei->detail[0] != '\0' ? ": " : "", ei->detail);
	return EXIT_FAILURE;
}

static int
list_routes(void)
{
	struct buf out = BUF_INIT;

	routes_write(&out);
	fputs(out.data, stdout);
	buf_clear(&out);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Keeps the old sheets if the new ones don't compile. */
static void
reload(struct app *app)
{
	struct errinfo ei = {0};
	struct sheets *sheets;

	if (sheets_load(&sheets, app->opt->xsl_dir, route_sheets(), &ei) !=
	    ERR_OK) {
		log_error("keeping the old sheets: %s: %s", ei.text, ei.detail);
		return;
	}
	sheets_free(app->sheets);
	app->sheets = sheets;
	log_info("sheets loaded anew");
}

/* For workers that will be started later. */
static void
reload_parent(void *arg)
{
	reload(&((struct program *)arg)->app);
}

static int
work(void *arg, size_t number)
{
	static const struct fcgi_hooks hooks = {reload, oestats_idle};
	struct program *p = arg;
	struct app *app = &p->app;
	int status;

	app->stats = &app->all_stats[number];
	app->arena = arena_new(0);
	app->page_arena = arena_new(PAGE_BYTES_MAX);
	app->db = db_new(app->opt->db);
	if (app->opt->spool != NULL)
		app->oestats = oestats_new(app->opt->spool);
	status = fcgi_loop(app, p->sock, &hooks);
	oestats_free(app->oestats);
	db_free(app->db);
	buf_clear(&app->out);
	arena_free(app->page_arena);
	arena_free(app->arena);
	sheets_free(app->sheets);
	return status;
}

static int
work_aside(void *arg)
{
	struct app *app = &((struct program *)arg)->app;
	int status;

	app->stats = &app->all_stats[app->nstats];
	status = background_run(app);
	sheets_free(app->sheets);
	return status;
}

/* The counters of all processes, seen by each. */
static struct stats *
share_stats(size_t n)
{
	void *p = mmap(NULL, n * sizeof(struct stats), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

static int
open_socket(const struct options *opt, struct errinfo *ei)
{
	int listening = 0;
	socklen_t n = sizeof(listening);

	if (opt->socket != NULL)
		return fcgi_listen(opt->socket, (unsigned)opt->socket_mode, ei);
	if (getsockopt(
		STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 &&
	    listening)
		return STDIN_FILENO;
	err_set(ei, ERR_INPUT,
	    "no socket: give --socket, or a listening socket as standard "
	    "input");
	return -1;
}

int
main(int argc, char **argv)
{
	struct options opt;
	struct errinfo ei = {0};
	struct program p = {.app.opt = &opt};
	int status = options_read(&opt, argc, argv);

	if (status >= 0)
		return status;
	/* Large blocks come from the heap, which keeps them; upload.c gives
	 * back what is too much. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 32 << 20);
	log_open(PROGRAM, opt.debug ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
	if (opt.list_routes)
		return list_routes();
	if (sheets_load(&p.app.sheets, opt.xsl_dir, route_sheets(), &ei) !=
	    ERR_OK)
		return fail(&ei);
	if (opt.workers > 0 && (p.sock = open_socket(&opt, &ei)) < 0)
		return fail(&ei);
	p.app.nstats = (size_t)opt.workers;
	p.app.all_stats = share_stats(p.app.nstats + 1);
	if (opt.workers == 1 && !opt.background)
		return work(&p, 0);
	status = prefork_run(&(struct prefork){.n = (size_t)opt.workers,
	    .work = work,
	    .aside = opt.background ? work_aside : NULL,
	    .reload = reload_parent,
	    .arg = &p});
	sheets_free(p.app.sheets);
	return status;
}
