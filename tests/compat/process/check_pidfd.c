/* pidfd_open(), pidfd_send_signal(), waitid(P_PIDFD). */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/select.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

#define LONG_MS 20000

/* A child that waits for ever, and is there. */
static pid_t
waiting(void)
{
	posix_spawn_file_actions_t a;
	char text[16];
	pid_t pid;
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	pid = kid_start(&a, "wait", NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(kid_read(p[0], text, sizeof(text)), 5);
	ck_assert_str_eq(text, "ready");
	ck_assert_int_eq(close(p[0]), 0);
	return pid;
}

static int
pid_open(pid_t pid, unsigned int flags)
{
	int fd = pidfd_open(pid, flags);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* What poll() says of fd; a process that was waited for may be POLLHUP. */
static int
readiness(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	ck_assert_int_ge(poll(&p, 1, ms), 0);
	return p.revents & ~POLLHUP;
}

static void
end(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	(void)kid_end(pid);
}

/* pidfd_open(2): it is readable when the process has ended, waited for or not. */
START_TEST(a_child_is_readable_when_it_has_ended)
{
	pid_t pid = waiting();
	int fd = pid_open(pid, 0), late;

	ck_assert_int_eq(readiness(fd, 0), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(readiness(fd, LONG_MS), POLLIN);
	late = pid_open(pid, 0);
	ck_assert_int_eq(readiness(late, 0), POLLIN);
	(void)kid_end(pid);
	ck_assert_int_eq(readiness(fd, 0), POLLIN);
	ck_assert_int_eq(readiness(late, 0), POLLIN);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(late), 0);
}
END_TEST

/* Whoever has waited for it does not see it as running. */
START_TEST(who_waited_sees_it_at_once)
{
	pid_t pid;
	int fd, i;

	for (i = 0; i < 12; i++) {
		pid = kid_start(NULL, "exit", "3", NULL);
		fd = pid_open(pid, 0);
		(void)kid_end(pid);
		ck_assert_int_eq(readiness(fd, 0), POLLIN);
		ck_assert_int_eq(close(fd), 0);
	}
}
END_TEST

/* And whoever sees its end can wait for it. */
START_TEST(who_sees_its_end_can_wait)
{
	siginfo_t info;
	pid_t pid;
	int fd, i;

	for (i = 0; i < 12; i++) {
		pid = kid_start(NULL, "exit", "3", NULL);
		fd = pid_open(pid, PIDFD_NONBLOCK);
		ck_assert_int_eq(readiness(fd, LONG_MS), POLLIN);
		ck_assert_int_eq(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), 0);
		ck_assert_int_eq(info.si_pid, pid);
		ck_assert_int_eq(info.si_code, CLD_EXITED);
		ck_assert_int_eq(info.si_status, 3);
		FAILS(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), ECHILD);
		ck_assert_int_eq(close(fd), 0);
	}
}
END_TEST

/* The errors of pidfd_open(2). */
START_TEST(what_is_no_process_is_esrch)
{
	pid_t pid = waiting();

	FAILS(pidfd_open(0, 0), EINVAL);
	FAILS(pidfd_open(-1, 0), EINVAL);
	FAILS(pidfd_open(pid, 1), EINVAL);
	FAILS(pidfd_open(0x7ffffffe, 0), ESRCH);
	end(pid);
	FAILS(pidfd_open(pid, 0), ESRCH);
}
END_TEST

/* A number is not given away again while somebody has the process open. */
START_TEST(the_waited_for_is_no_process)
{
	pid_t pid = waiting();
	int fd = pid_open(pid, 0);

	end(pid);
	FAILS(pidfd_open(pid, 0), ESRCH);
	FAILS(kill(pid, 0), ESRCH);
	FAILS(pidfd_send_signal(fd, 0, NULL, 0), ESRCH);
	FAILS(pidfd_send_signal(fd, SIGTERM, NULL, 0), ESRCH);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* pidfd_open(2): the flag close-on-exec is set; nothing is read or written. */
START_TEST(nothing_is_read_from_it)
{
	int fd = pid_open(getpid(), 0);
	int other = pid_open(getpid(), PIDFD_NONBLOCK);
	char c = 'x';

	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_RDWR);
	ck_assert_int_eq(fcntl(other, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_RDWR | O_NONBLOCK);
	FAILS(read(fd, &c, 1), EINVAL);
	FAILS(write(fd, &c, 1), EINVAL);
	FAILS(lseek(fd, 0, SEEK_SET), ESPIPE);
	ck_assert_int_eq(readiness(fd, 0), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(other), 0);
}
END_TEST

/* waitid(2), P_PIDFD. */
START_TEST(waitid_takes_a_pidfd)
{
	pid_t pid = waiting();
	int fd = pid_open(pid, 0), e = eventfd(0, 0);
	siginfo_t info = { .si_pid = 4711 };

	ck_assert_int_eq(waitid(P_PIDFD, (id_t)fd, &info, WEXITED | WNOHANG),
	    0);
	ck_assert_int_eq(info.si_pid, 0);
	FAILS(waitid(P_PIDFD, (id_t)e, &info, WEXITED), EBADF);
	FAILS(waitid(P_PIDFD, 1999, &info, WEXITED), EBADF);
	FAILS(waitid(P_PIDFD, (id_t)-1, &info, WEXITED), EINVAL);
	FAILS(waitid(P_PIDFD, (id_t)fd, &info, 0), EINVAL);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(waitid(P_PIDFD, (id_t)fd, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert_int_eq(info.si_pid, pid);
	ck_assert_int_eq(info.si_code, CLD_KILLED);
	ck_assert_int_eq(info.si_status, SIGTERM);
	ck_assert_int_eq(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), 0);
	FAILS(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), ECHILD);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(e), 0);
}
END_TEST

/* pidfd_open(2), PIDFD_NONBLOCK: EAGAIN from waitid() while it runs. */
START_TEST(a_nonblocking_one_does_not_wait)
{
	pid_t pid = waiting();
	int fd = pid_open(pid, PIDFD_NONBLOCK);
	siginfo_t info;

	FAILS(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), EAGAIN);
	ck_assert_int_eq(waitid(P_PIDFD, (id_t)fd, &info, WEXITED | WNOHANG),
	    0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, 0), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), 0);
	ck_assert_int_eq(info.si_status, SIGKILL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Who is no child cannot be waited for. */
START_TEST(oneself_is_no_child)
{
	int fd = pid_open(getpid(), 0);
	siginfo_t info;

	FAILS(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), ECHILD);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* pidfd_send_signal(2). */
START_TEST(signals_go_to_the_process)
{
	pid_t pid = waiting();
	int fd = pid_open(pid, 0), e = eventfd(0, 0), status;

	ck_assert_int_eq(pidfd_send_signal(fd, 0, NULL, 0), 0);
	FAILS(pidfd_send_signal(fd, -1, NULL, 0), EINVAL);
	FAILS(pidfd_send_signal(fd, 4711, NULL, 0), EINVAL);
	FAILS(pidfd_send_signal(fd, SIGTERM, NULL, 1 << 20), EINVAL);
	FAILS(pidfd_send_signal(e, SIGTERM, NULL, 0), EBADF);
	FAILS(pidfd_send_signal(1999, SIGTERM, NULL, 0), EBADF);
	ck_assert_int_eq(readiness(fd, 0), 0);
	ck_assert_int_eq(pidfd_send_signal(fd, SIGTERM, NULL, 0), 0);
	ck_assert_int_eq(readiness(fd, LONG_MS), POLLIN);
	ck_assert_int_eq(pidfd_send_signal(fd, SIGTERM, NULL, 0), 0);
	status = kid_end(pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(e), 0);
}
END_TEST

static siginfo_t
queued(int signo, int value)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signo;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_value.sival_int = value;
	return info;
}

/* pidfd_send_signal(2): info is sigqueue()'s. */
START_TEST(info_comes_with_the_signal)
{
	siginfo_t info = queued(SIGRTMIN, 4711), got;
	int fd = pid_open(getpid(), 0);
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_eq(pidfd_send_signal(fd, SIGRTMIN, &info, 0), 0);
	ck_assert_int_eq(sigwaitinfo(&set, &got), SIGRTMIN);
	ck_assert_int_eq(got.si_code, SI_QUEUE);
	ck_assert_int_eq(got.si_pid, getpid());
	ck_assert_int_eq(got.si_value.sival_int, 4711);
	FAILS(pidfd_send_signal(fd, SIGTERM, &info, 0), EINVAL);
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* pidfd_send_signal(2), EPERM: what only the system says. */
START_TEST(nobody_speaks_for_the_system)
{
	siginfo_t info = queued(SIGTERM, 0);
	pid_t pid = waiting();
	int fd = pid_open(pid, 0);

	info.si_code = SI_USER;
	FAILS(pidfd_send_signal(fd, SIGTERM, &info, 0), EPERM);
	info.si_code = SI_TKILL;
	FAILS(pidfd_send_signal(fd, SIGTERM, &info, 0), EPERM);
	info.si_code = SI_QUEUE;
	ck_assert_int_eq(pidfd_send_signal(fd, SIGTERM, &info, 0), 0);
	ck_assert_int_eq(readiness(fd, LONG_MS), POLLIN);
	(void)kid_end(pid);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* A process in between: starts another one, and tells its number. */
static int
parent(char *self)
{
	char *argv[] = { self, (char *)(uintptr_t)"wait", NULL };
	posix_spawn_file_actions_t a;
	char text[32], c;
	pid_t pid;
	int p[2];

	if (pipe(p) != 0 || posix_spawn_file_actions_init(&a) != 0 ||
	    posix_spawn_file_actions_adddup2(&a, p[1], 1) != 0 ||
	    posix_spawn(&pid, self, &a, NULL, argv, environ) != 0 ||
	    read(p[0], text, 5) != 5)
		return 1;
	(void)snprintf(text, sizeof(text), "%d", (int)pid);
	if (write(1, text, strlen(text)) < 0)
		return 2;
	(void)close(1);
	if (read(0, &c, 1) < 0)
		return 3;
	return 0;
}

/* pidfd_open(2): not only children. */
START_TEST(another_s_child_can_be_watched)
{
	posix_spawn_file_actions_t a;
	int in[2], out[2], fd;
	siginfo_t info;
	char text[32];
	pid_t pid, other;

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, in[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	pid = kid_start(&a, "parent", NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_gt(kid_read(out[0], text, sizeof(text)), 0);
	ck_assert_int_gt(other = atoi(text), 0);

	fd = pid_open(other, 0);
	ck_assert_int_eq(readiness(fd, 0), 0);
	FAILS(waitid(P_PIDFD, (id_t)fd, &info, WEXITED), ECHILD);
	ck_assert_int_eq(pidfd_send_signal(fd, SIGKILL, NULL, 0), 0);
	ck_assert_int_eq(readiness(fd, LONG_MS), POLLIN);
	ck_assert_int_eq(close(fd), 0);

	ck_assert_int_eq(close(in[0]), 0);
	ck_assert_int_eq(close(in[1]), 0);
	ck_assert_int_eq(close(out[0]), 0);
	(void)kid_end(pid);
}
END_TEST

static void
add(int ep, int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data = { .fd = fd } };

	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), 0);
}

/* epoll(7): mixed with other kinds, level and edge. */
START_TEST(an_epoll_mixes_it_with_others)
{
	pid_t pid[2] = { waiting(), waiting() };
	int ep = epoll_create1(0), e = eventfd(0, 0), fd[2], i;
	struct epoll_event ev[4];

	for (i = 0; i < 2; i++) {
		fd[i] = pid_open(pid[i], 0);
		add(ep, fd[i], EPOLLIN | (i == 0 ? 0 : EPOLLET));
	}
	add(ep, e, EPOLLIN);
	ck_assert_int_eq(epoll_wait(ep, ev, 4, 0), 0);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(kill(pid[i], SIGKILL), 0);
		ck_assert_int_eq(epoll_wait(ep, ev, 4, LONG_MS), 1);
		ck_assert_int_eq(ev[0].data.fd, fd[i]);
		ck_assert_uint_eq(ev[0].events, EPOLLIN);
		if (i == 0)	/* level: until it is taken out */
			ck_assert_int_eq(epoll_wait(ep, ev, 4, 0), 1);
		ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_DEL, fd[0],
		    NULL), i == 0 ? 0 : -1);
	}
	ck_assert_int_eq(epoll_wait(ep, ev, 4, 0), 0);
	ck_assert_int_eq(eventfd_write(e, 1), 0);
	ck_assert_int_eq(epoll_wait(ep, ev, 4, LONG_MS), 1);
	ck_assert_int_eq(ev[0].data.fd, e);
	for (i = 0; i < 2; i++) {
		(void)kid_end(pid[i]);
		ck_assert_int_eq(close(fd[i]), 0);
	}
	ck_assert_int_eq(close(e), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

static void *
kill_it(void *arg)
{
	(void)kill(*(pid_t *)arg, SIGKILL);
	return NULL;
}

/* select() waits for it, and is woken by its end. */
START_TEST(a_select_is_woken_by_the_end)
{
	struct timeval timeout = { .tv_sec = LONG_MS / 1000 };
	pid_t pid = waiting();
	int fd = pid_open(pid, 0);
	pthread_t t;
	fd_set rd;

	FD_ZERO(&rd);
	FD_SET(fd, &rd);
	ck_assert_int_eq(pthread_create(&t, NULL, kill_it, &pid), 0);
	ck_assert_int_eq(select(fd + 1, &rd, NULL, NULL, &timeout), 1);
	ck_assert(FD_ISSET(fd, &rd));
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	(void)kid_end(pid);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Nothing is left of it, whichever comes first. */
START_TEST(it_leaves_no_handle)
{
	int i, fd, before = 0;
	pid_t pid;

	for (i = 0; i < 16; i++) {
		if (i == 8)
			before = host_handles();
		pid = kid_start(NULL, "exit", "0", NULL);
		fd = pid_open(pid, 0);
		if (i % 2 == 0)
			ck_assert_int_eq(close(fd), 0);
		(void)kid_end(pid);
		if (i % 2 != 0)
			ck_assert_int_eq(close(fd), 0);
		fd = pid_open(getpid(), 0);
		ck_assert_int_eq(close(fd), 0);
	}
	ck_assert_int_le(host_handles(), before + 5);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[20];
	int n = 0;

	if (argc > 1 && strcmp(argv[1], "parent") == 0)
		return parent(argv[0]);
	kid_main(argc, argv);
	tests[n++] = a_child_is_readable_when_it_has_ended;
	tests[n++] = who_waited_sees_it_at_once;
	tests[n++] = who_sees_its_end_can_wait;
	tests[n++] = what_is_no_process_is_esrch;
	tests[n++] = the_waited_for_is_no_process;
	tests[n++] = nothing_is_read_from_it;
	tests[n++] = waitid_takes_a_pidfd;
	tests[n++] = a_nonblocking_one_does_not_wait;
	tests[n++] = oneself_is_no_child;
	tests[n++] = signals_go_to_the_process;
	tests[n++] = info_comes_with_the_signal;
	tests[n++] = nobody_speaks_for_the_system;
	tests[n++] = another_s_child_can_be_watched;
	tests[n++] = an_epoll_mixes_it_with_others;
	tests[n++] = a_select_is_woken_by_the_end;
	tests[n++] = it_leaves_no_handle;
	return run_cases("pidfd", tests, n);
}
