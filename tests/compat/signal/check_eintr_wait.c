/* Signals that meet calls that wait for time, for signals, for readiness. */
#include <sys/epoll.h>
#include <sys/select.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "eintr.h"

#include "support/handle.h"

static int fds[2], ep;

/* --- time --- */

static struct timespec
span(void)
{
	struct timespec ts = { eintr_time() / 1000,
	    eintr_time() % 1000 * 1000000 };

	return ts;
}

static long
call_nanosleep(void)
{
	struct timespec ts = span();

	return nanosleep(&ts, NULL);
}

/* These return the error. */
static long
by_errno(int err)
{
	errno = err;
	return err == 0 ? 0 : -1;
}

static long
call_clock_nanosleep(void)
{
	struct timespec ts = span();

	return by_errno(clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL));
}

static long
call_sleep_until(void)
{
	struct timespec ts = span(), now;

	eintr_must(clock_gettime(CLOCK_REALTIME, &now) == 0);
	ts.tv_sec += now.tv_sec + (ts.tv_nsec + now.tv_nsec) / 1000000000;
	ts.tv_nsec = (ts.tv_nsec + now.tv_nsec) % 1000000000;
	return by_errno(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts,
	    NULL));
}

static long
call_sleep(void)
{
	unsigned int seconds = (unsigned int)(eintr_time() / 1000);

	return by_errno(sleep(seconds) == 0 ? 0 : EINTR);
}

static long
call_usleep(void)
{
	return usleep((useconds_t)(eintr_time() * 1000));
}

static long
call_poll_timeout(void)
{
	return poll(NULL, 0, (int)eintr_time());
}

static long
call_select_timeout(void)
{
	struct timeval tv = { eintr_time() / 1000, eintr_time() % 1000 * 1000 };

	return select(0, NULL, NULL, NULL, &tv);
}

static long
call_sigtimedwait(void)
{
	struct timespec ts = span();
	sigset_t set;
	int n;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	n = sigtimedwait(&set, NULL, &ts);
	return n == -1 && errno == EAGAIN ? 0 : n;
}

/* --- signals --- */

static sigset_t
mask(void)
{
	sigset_t set;

	eintr_must(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
	return set;
}

static void
block_urgent(void)
{
	mask_signal(SIG_BLOCK, SIGURG);
}

static void
send_urgent(void)
{
	eintr_must(kill(getpid(), SIGURG) == 0);
}

/* Nothing but a handler ends these: SIGUSR2's, when it is time. */
static long
unless_woken(int n)
{
	return eintr_woken() ? 0 : n;
}

static long
call_pause(void)
{
	return unless_woken(pause());
}

static long
call_sigsuspend(void)
{
	sigset_t set = mask();

	return unless_woken(sigsuspend(&set));
}

static long
call_sigwaitinfo(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	return sigwaitinfo(&set, NULL);
}

static long
call_sigwait(void)
{
	sigset_t set;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	return by_errno(sigwait(&set, &signo));
}

/* --- readiness --- */

static void
open_pipe(void)
{
	struct epoll_event ev = { .events = EPOLLIN };

	eintr_must(pipe(fds) == 0);
	eintr_must((ep = epoll_create1(0)) >= 0);
	eintr_must(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &ev) == 0);
}

static void
close_pipe(void)
{
	eintr_must(close(ep) == 0);
	eintr_must(close(fds[0]) == 0);
	eintr_must(close(fds[1]) == 0);
}

static void
put(void)
{
	eintr_must(write(fds[1], "x", 1) == 1);
}

static long
call_poll(void)
{
	struct pollfd p = { .fd = fds[0], .events = POLLIN };

	return poll(&p, 1, -1);
}

static long
call_ppoll(void)
{
	struct pollfd p = { .fd = fds[0], .events = POLLIN };
	sigset_t set = mask();

	return ppoll(&p, 1, NULL, &set);
}

static long
call_select(void)
{
	fd_set in;

	FD_ZERO(&in);
	FD_SET(fds[0], &in);
	return select(fds[0] + 1, &in, NULL, NULL, NULL);
}

static long
call_pselect(void)
{
	sigset_t set = mask();
	fd_set in;

	FD_ZERO(&in);
	FD_SET(fds[0], &in);
	return pselect(fds[0] + 1, &in, NULL, NULL, NULL, &set);
}

static long
call_epoll_wait(void)
{
	struct epoll_event ev;

	return epoll_wait(ep, &ev, 1, -1);
}

static long
call_epoll_pwait(void)
{
	struct epoll_event ev;
	sigset_t set = mask();

	return epoll_pwait(ep, &ev, 1, -1, &set);
}

static long
call_epoll_pwait2(void)
{
	struct epoll_event ev;
	sigset_t set = mask();

	return epoll_pwait2(ep, &ev, 1, NULL, &set);
}

/* signal(7): these never restart. */
static const struct eintr_call calls[] = {
	{ "nanosleep", EINTR_ENDS, NULL, call_nanosleep, NULL, NULL },
	{ "clock_nanosleep", EINTR_ENDS, NULL, call_clock_nanosleep, NULL,
	    NULL },
	{ "clock_nanosleep until then", EINTR_ENDS, NULL, call_sleep_until,
	    NULL, NULL },
	{ "sleep", EINTR_ENDS, NULL, call_sleep, NULL, NULL },
	{ "usleep", EINTR_ENDS, NULL, call_usleep, NULL, NULL },
	{ "poll with a timeout", EINTR_ENDS, NULL, call_poll_timeout, NULL,
	    NULL },
	{ "select with a timeout", EINTR_ENDS, NULL, call_select_timeout, NULL,
	    NULL },
	{ "sigtimedwait", EINTR_ENDS, block_urgent, call_sigtimedwait, NULL,
	    NULL },
	{ "pause", EINTR_ENDS, NULL, call_pause, eintr_wake, NULL },
	{ "sigsuspend", EINTR_ENDS, NULL, call_sigsuspend, eintr_wake, NULL },
	{ "sigwaitinfo", EINTR_ENDS, block_urgent, call_sigwaitinfo,
	    send_urgent, NULL },
	{ "sigwait", EINTR_GOES_ON, block_urgent, call_sigwait, send_urgent,
	    NULL },
	{ "poll", EINTR_ENDS, open_pipe, call_poll, put, close_pipe },
	{ "ppoll", EINTR_ENDS, open_pipe, call_ppoll, put, close_pipe },
	{ "select", EINTR_ENDS, open_pipe, call_select, put, close_pipe },
	{ "pselect", EINTR_ENDS, open_pipe, call_pselect, put, close_pipe },
	{ "epoll_wait", EINTR_ENDS, open_pipe, call_epoll_wait, put,
	    close_pipe },
	{ "epoll_pwait", EINTR_ENDS, open_pipe, call_epoll_pwait, put,
	    close_pipe },
	{ "epoll_pwait2", EINTR_ENDS, open_pipe, call_epoll_pwait2, put,
	    close_pipe },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

int
main(void)
{
	return eintr_main("eintr_wait", calls, CALLS, NULL, 0);
}
