/* fcgi.c: see fcgi.h. */
#include "web/fcgi.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fcgiapp.h>

#define BACKLOG 512

static volatile sig_atomic_t stopping, reloading;

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
	FCGX_ShutdownPending();
	/* If it came just before a read that waits for a kept-alive
	 * connection, the read has to be woken. */
	alarm(1);
}

static void
on_alarm(int sig)
{
	(void)sig;
	if (stopping || reloading)
		alarm(1);
}

/* The same just before the wait for a request. */
static void
on_reload(int sig)
{
	(void)sig;
	reloading = 1;
	alarm(1);
}

/* Without SA_RESTART: with it libfcgi's accept would never return. */
static void catch (int sig, void (*fn)(int))
{
	struct sigaction sa = {.sa_handler = fn};

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

/* Signals are let in only while we wait for a request, so that none is cut
 * short in the middle of reading its body. */
static sigset_t
our_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGALRM);
	return set;
}

int
fcgi_listen(const char *path, unsigned mode, struct errinfo *ei)
{
	mode_t old = umask(0777);
	int sock = FCGX_OpenSocket(path, BACKLOG);

	umask(old);
	if (sock < 0 || chmod(path, mode) < 0) {
		err_set(ei, ERR_INTERNAL, "%s: %s", path, strerror(errno));
		return -1;
	}
	return sock;
}

static const char *
env(void *arg, const char *name)
{
	FCGX_Request *r = arg;

	return FCGX_GetParam(name, r->envp);
}

static long
read_some(void *arg, void *into, size_t n)
{
	FCGX_Request *r = arg;
	int want = n > 1 << 20 ? 1 << 20 : (int)n;
	int got = FCGX_GetStr(into, want, r->in);

	if (got == 0 && FCGX_GetError(r->in) != 0)
		return -1;
	return got;
}

static void
write_all(void *arg, const void *data, size_t n)
{
	FCGX_Request *r = arg;
	const char *p = data;

	while (n > 0) {
		int some = n > 1 << 30 ? 1 << 30 : (int)n;
		if (FCGX_PutStr(p, some, r->out) != some)
			return; /* the client has gone */
		p += some;
		n -= (size_t)some;
	}
}

static void
serve_one(struct app *app, FCGX_Request *r)
{
	struct io io = {env, read_some, write_all, r};
	struct exchange x;

	serve(&x, app, &io);
	if (x.broken)
		FCGX_Free(r, 1); /* without the mark of the end */
	else
		FCGX_Finish_r(r);
}

int
fcgi_loop(struct app *app, int sock, const struct fcgi_hooks *hooks)
{
	sigset_t ours = our_signals();
	FCGX_Request r;

	if (FCGX_Init() != 0 ||
	    FCGX_InitRequest(&r, sock, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		return EXIT_FAILURE;
	sigprocmask(SIG_BLOCK, &ours, NULL);
	catch (SIGTERM, on_stop);
	catch (SIGINT, on_stop);
	catch (SIGALRM, on_alarm);
	catch (SIGHUP, on_reload);
	catch (SIGPIPE, SIG_IGN);
	hooks->idle(app);
	while (!stopping) {
		int got;
		sigprocmask(SIG_UNBLOCK, &ours, NULL);
		got = stopping ? -EINTR : FCGX_Accept_r(&r);
		sigprocmask(SIG_BLOCK, &ours, NULL);
		if (reloading) {
			reloading = 0;
			hooks->reload(app);
		}
		if (got == 0) {
			serve_one(app, &r);
			hooks->idle(app);
		} else if (got != -EINTR && got != -ECONNABORTED) {
			return stopping ? EXIT_SUCCESS : EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
