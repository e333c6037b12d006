/* prefork.c: see prefork.h. */
#include "web/prefork.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

struct parent {
	const struct prefork *what;
	size_t n;   /* processes; the last one may be the one aside */
	pid_t *pid; /* 0: none */
	time_t *started;
	sigset_t signals, before;
	pid_t self;
};

static time_t
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static _Noreturn void
be_worker(struct parent *p, size_t number)
{
	/* Dies with its parent, even if that was killed. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != p->self)
		_exit(EXIT_SUCCESS);
	sigprocmask(SIG_SETMASK, &p->before, NULL);
	exit(number < p->what->n ? p->what->work(p->what->arg, number)
				 : p->what->aside(p->what->arg));
}

/* A worker that ends at once is not started again in the same second. */
static bool
start_missing(struct parent *p)
{
	bool all = true;

	for (size_t i = 0; i < p->n; i++) {
		if (p->pid[i] != 0)
			continue;
		if (p->started[i] == seconds()) {
			all = false;
			continue;
		}
		p->started[i] = seconds();
		p->pid[i] = fork();
		if (p->pid[i] == 0)
			be_worker(p, i);
		if (p->pid[i] < 0) {
			log_error("can't start a worker: %s", strerror(errno));
			p->pid[i] = 0;
			all = false;
		}
	}
	return all;
}

static void
reap(struct parent *p, bool stopping)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < p->n; i++) {
			if (p->pid[i] != pid)
				continue;
			p->pid[i] = 0;
			if (stopping)
				break;
			if (WIFSIGNALED(status))
				log_error("worker %zu was ended by signal %d; "
					  "starting another",
				    i, WTERMSIG(status));
			else
				log_warn("worker %zu ended with status %d; "
					 "starting another",
				    i, WEXITSTATUS(status));
		}
}

static void
pass_on(const struct parent *p, int sig)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->pid[i] != 0)
			kill(p->pid[i], sig);
}

static bool
any_left(const struct parent *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->pid[i] != 0)
			return true;
	return false;
}

static void
watch(struct parent *p)
{
	bool stopping = false;

	while (!stopping || any_left(p)) {
		bool all = stopping || start_missing(p);
		struct timespec wait = {.tv_sec = all ? 3600 : 1};
		int sig = sigtimedwait(&p->signals, NULL, &wait);
		if (sig == SIGTERM || sig == SIGINT) {
			stopping = true;
			pass_on(p, SIGTERM);
		} else if (sig == SIGHUP) {
			p->what->reload(p->what->arg);
			pass_on(p, SIGHUP);
		}
		reap(p, stopping);
	}
}

int
prefork_run(const struct prefork *what)
{
	size_t n = what->n + (what->aside != NULL);
	struct parent p = {.what = what, .n = n, .self = getpid()};

	p.pid = calloc(n, sizeof(*p.pid));
	p.started = calloc(n, sizeof(*p.started));
	if (p.pid == NULL || p.started == NULL)
		out_of_memory();
	sigemptyset(&p.signals);
	sigaddset(&p.signals, SIGTERM);
	sigaddset(&p.signals, SIGINT);
	sigaddset(&p.signals, SIGHUP);
	sigaddset(&p.signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &p.signals, &p.before);
	watch(&p);
	free(p.pid);
	free(p.started);
	return EXIT_SUCCESS;
}
