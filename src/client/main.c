/*
 * main.c: push-build-results, the client: sends the build statistics that
 * bitbake left behind, and prints where they can be seen.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "client/client.h"
#include "client/follow.h"
#include "client/say.h"
#include "client/stop.h"
#include "net/http_client.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct http_client *, cleanup_http, http_client_free);
DEFINE_CLEANUP(struct sent *, cleanup_sent, sent_close);

static int
wrong_usage(const char *text)
{
	say_error("%s", text);
	fputs("Try '" CLIENT_NAME " --help'.\n", stderr);
	return EXIT_USAGE;
}

/* What can't be meant; NULL if it can. */
static const char *
contradiction(const struct options *o)
{
	if (o->flush && o->spool == NULL)
		return "--flush: needs --spool DIR";
	if (o->flush && o->watch)
		return "--flush: not with --watch, which does it by itself";
	if (o->follow && (o->flush || o->watch))
		return "--follow: not with --flush or --watch";
	if (o->watch && o->dry_run)
		return "--dry-run: not with --watch";
	if (o->save != NULL && !o->dry_run)
		return "--save: only with --dry-run";
	if (o->npaths == 0 && !o->flush)
		return "PATH: nothing to send was named";
	for (size_t i = 0; o->watch && i < o->npaths; i++)
		if (strcmp(o->paths[i], "-") == 0)
			return "-: stdin can't be watched";
	return NULL;
}

/* Where the record of what was sent is kept; NULL if nowhere. */
static const char *
state_dir(struct arena *a, const struct options *o)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_STATE_HOME");

	if (o->state != NULL)
		return o->state;
	if (o->spool != NULL)
		return o->spool;
	if (xdg != NULL && xdg[0] == '/')
		return arena_printf(a, "%s/buildstats", xdg);
	if (home != NULL && home[0] == '/')
		return arena_printf(a, "%s/.local/state/buildstats", home);
	return NULL;
}

static void
open_record(struct arena *a, struct client *c)
{
	const char *why;

	c->sent = sent_open(a, state_dir(a, c->o), &why);
	if (why != NULL && c->o->state != NULL)
		say_note("no record of what is sent: %s", why);
	else if (why != NULL)
		say_detail("no record of what is sent: %s", why);
}

static void
warn_exposed(const struct client *c)
{
	const struct options *o = c->o;

	if (c->target.exposed && o->token != NULL && o->token[0] != '\0')
		say_note("%s: the token travels readable by others; "
			 "use https",
		    c->target.base);
	if (o->insecure)
		say_note("%s: the server's certificate is not verified",
		    c->target.base);
}

static int
run_watch(struct client *c)
{
	struct errinfo ei = {0};

	stop_init();
	c->stop = stop_requested;
	if (watch_paths(c, c->o->paths, c->o->npaths, &ei) == ERR_OK)
		return EXIT_DONE;
	say_error("%s", ei.text);
	return EXIT_FAILED;
}

/* Builds of bitbake's class; where they go their spools say. */
static int
run_follow(struct client *c)
{
	bool ok = true;

	stop_init();
	for (size_t i = 0; i < c->o->npaths; i++)
		ok = follow_path(c, c->o->paths[i]) && ok;
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static int
run_once(struct client *c)
{
	bool ok = true;

	if (c->o->flush) {
		ok = push_spool(c);
		ok = follow_flush(c, c->o->spool, NULL) && ok;
	}
	for (size_t i = 0; i < c->o->npaths; i++)
		ok = push_path(c, c->o->paths[i]) && ok;
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static int
run(struct arena *a, const struct options *o)
{
	CLEANUP(cleanup_http) struct http_client *http = NULL;
	CLEANUP(cleanup_sent) struct sent *sent = NULL;
	struct http_options ho = {.proxy = o->proxy,
	    .cacert = o->cacert,
	    .insecure = o->insecure,
	    .silence_seconds = (long)o->timeout,
	    .user_agent = CLIENT_NAME "/" PACKAGE_VERSION};
	struct client c = {.o = o};
	struct errinfo ei = {0};

	if (target_read(a, o->server, &c.target, &ei) != ERR_OK) {
		err_prefix(&ei, "--server");
		return wrong_usage(ei.text);
	}
	c.http = http = http_client_new(&ho);
	if (http == NULL) {
		say_error("libcurl: cannot be set up");
		return EXIT_FAILED;
	}
	if (o->follow)
		return run_follow(&c);
	open_record(a, &c);
	sent = c.sent;
	if (!o->dry_run)
		warn_exposed(&c);
	return o->watch ? run_watch(&c) : run_once(&c);
}

/* A line that nobody could read was not printed. */
static int
check_stdout(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	say_error("stdout: cannot be written");
	return status == EXIT_DONE ? EXIT_FAILED : status;
}

int
main(int argc, char **argv)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	struct options o;
	struct errinfo ei = {0};
	const char *wrong;
	enum err e;

	signal(SIGPIPE, SIG_IGN);
	options_init(&o);
	e = options_read(a, &o, argc, argv, &ei);
	say_open(o.quiet ? SAY_QUIET : o.verbose ? SAY_VERBOSE : SAY_NORMAL);
	if (e != ERR_OK)
		return wrong_usage(ei.text);
	if (o.help) {
		options_help();
		return check_stdout(EXIT_DONE);
	}
	if (o.version) {
		puts(CLIENT_NAME " (buildstats) " PACKAGE_VERSION);
		return check_stdout(EXIT_DONE);
	}
	wrong = contradiction(&o);
	if (wrong != NULL)
		return wrong_usage(wrong);
	return check_stdout(run(a, &o));
}
