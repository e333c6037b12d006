/* stop.c: see stop.h. */
#include "client/stop.h"

#include <signal.h>
#include <unistd.h>

#include <sys/signalfd.h>

/* Signals belong to the process. */
static int signal_fd = -1;
static bool requested;

void
stop_init(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int
stop_fd(void)
{
	return signal_fd;
}

bool
stop_requested(void)
{
	struct signalfd_siginfo info;

	if (signal_fd >= 0 &&
	    read(signal_fd, &info, sizeof(info)) == sizeof(info))
		requested = true;
	return requested;
}
