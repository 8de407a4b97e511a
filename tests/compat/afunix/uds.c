#include "uds.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Not Check's: the processes that tests start use these too. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(99);
}

socklen_t
uds_addr(struct sockaddr_un *un, const char *path)
{
	size_t len = strlen(path);

	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	must(len < sizeof(un->sun_path), path);
	memcpy(un->sun_path, path, len);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
}

int
uds_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	must(fd >= 0, "socket");
	return fd;
}

static int
done(int fd, int rc)
{
	int err = errno;

	if (rc == 0)
		return fd;
	must(close(fd) == 0, "close");
	errno = err;
	return -1;
}

int
uds_try_bind(const char *path)
{
	struct sockaddr_un un;
	socklen_t len = uds_addr(&un, path);
	int fd = uds_socket();

	errno = 0;
	return done(fd, bind(fd, (struct sockaddr *)&un, len));
}

int
uds_try_connect(const char *path, int type_flags)
{
	struct sockaddr_un un;
	socklen_t len = uds_addr(&un, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | type_flags, 0);

	must(fd >= 0, "socket");
	errno = 0;
	return done(fd, connect(fd, (struct sockaddr *)&un, len));
}

int
uds_listen(const char *path, int backlog)
{
	int fd = uds_try_bind(path);

	must(fd >= 0 && listen(fd, backlog) == 0, path);
	return fd;
}

int
uds_connect(const char *path)
{
	int fd = uds_try_connect(path, 0);

	must(fd >= 0, path);
	return fd;
}

void
uds_exchange(int a, int b)
{
	char c = 0;

	must(write(a, "x", 1) == 1, "write");
	must(read(b, &c, 1) == 1 && c == 'x', "read");
	must(write(b, "y", 1) == 1, "write");
	must(read(a, &c, 1) == 1 && c == 'y', "read");
}

int
uds_try_connect_fd(int fd, const char *path)
{
	struct sockaddr_un un;
	socklen_t len = uds_addr(&un, path);

	errno = 0;
	return connect(fd, (struct sockaddr *)&un, len);
}

int
uds_bind_type(int type, const char *path)
{
	struct sockaddr_un un;
	int fd = socket(AF_UNIX, type, 0);

	must(fd >= 0, "socket");
	if (path != NULL)
		must(bind(fd, (struct sockaddr *)&un, uds_addr(&un, path)) ==
		    0, path);
	return fd;
}

void
uds_pair(int type, int fds[2])
{
	must(socketpair(AF_UNIX, type, 0, fds) == 0, "socketpair");
}

ssize_t
uds_send_to(int fd, const char *path, const char *text)
{
	struct sockaddr_un un;
	socklen_t len = uds_addr(&un, path);

	errno = 0;
	return sendto(fd, text, strlen(text), MSG_NOSIGNAL,
	    (struct sockaddr *)&un, len);
}

void
uds_expect(int fd, const char *text)
{
	char buf[512];
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

	must(n == (ssize_t)strlen(text) && memcmp(buf, text, (size_t)n) == 0,
	    text);
}

void
uds_expect_nothing(int fd)
{
	char c;

	must(recv(fd, &c, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN,
	    "nothing");
}

int
uds_events(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = (short)events };

	must(poll(&p, 1, 0) >= 0, "poll");
	return p.revents;
}

int
uds_fill(int fd)
{
	char buf[UDS_FILL] = { 0 };
	int n;

	for (n = 0; ; n++) {
		memcpy(buf, &n, sizeof(n));
		if (send(fd, buf, sizeof(buf), MSG_DONTWAIT) < 0)
			break;
	}
	must(errno == EAGAIN, "send");
	return n;
}

void
uds_expect_number(int fd, int number)
{
	char buf[UDS_FILL];
	int got;

	must(recv(fd, buf, sizeof(buf), 0) == UDS_FILL, "recv");
	memcpy(&got, buf, sizeof(got));
	must(got == number, "number");
}

void
uds_close_pair(const int fds[2])
{
	must(close(fds[0]) == 0 && close(fds[1]) == 0, "close");
}

int
uds_error(int fd)
{
	socklen_t len = sizeof(int);
	int err = -1;

	must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0,
	    "SO_ERROR");
	return err;
}

int
uds_mirror(int fd)
{
	char buf[UDS_FILL];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		if (send(fd, buf, (size_t)n, 0) != n)
			return 1;
	return n == 0 ? 0 : 2;
}

void
uds_test_flags(int type)
{
	int fds[2], i;
	char c;

	uds_pair(type | SOCK_NONBLOCK | SOCK_CLOEXEC, fds);
	for (i = 0; i < 2; i++) {
		must(fcntl(fds[i], F_GETFD) == FD_CLOEXEC, "FD_CLOEXEC");
		must(read(fds[i], &c, 1) == -1 && errno == EAGAIN, "EAGAIN");
	}
	uds_close_pair(fds);
}

static void
on_alarm(int signo)
{
	(void)signo;
}

void
uds_test_handler(int type)
{
	/* Again and again: the first may come before recv() waits. */
	const struct itimerval often = { { 0, 30000 }, { 0, 30000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction sa = { .sa_handler = on_alarm };
	int fds[2];
	char c;

	uds_pair(type, fds);
	must(sigaction(SIGALRM, &sa, NULL) == 0, "sigaction");
	must(setitimer(ITIMER_REAL, &often, NULL) == 0, "setitimer");
	must(recv(fds[0], &c, 1, 0) == -1 && errno == EINTR, "EINTR");
	must(setitimer(ITIMER_REAL, &never, NULL) == 0, "setitimer");
	uds_close_pair(fds);
}

/* More than any system takes: POSIX, EMSGSIZE. */
#define HUGE_MESSAGE (8 << 20)

void
uds_test_large(int type)
{
	char *buf = calloc(1, HUGE_MESSAGE);
	int fds[2];

	must(buf != NULL, "calloc");
	uds_pair(type, fds);
	buf[99999] = 'e';
	must(send(fds[0], buf, 100000, 0) == 100000, "send");
	buf[99999] = 0;
	must(recv(fds[1], buf, HUGE_MESSAGE, 0) == 100000, "recv");
	must(buf[99999] == 'e', "the last byte");
	errno = 0;
	must(send(fds[0], buf, HUGE_MESSAGE, 0) == -1 && errno == EMSGSIZE,
	    "EMSGSIZE");
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
	free(buf);
}

void
uds_test_times(int type)
{
	struct timeval tv = { .tv_usec = 50000 };
	struct timespec t0, t1;
	char buf[UDS_FILL] = { 0 };
	int fds[2];

	uds_pair(type, fds);
	must(setsockopt(fds[0], SOL_SOCKET, SO_SNDTIMEO, &tv,
	    sizeof(tv)) == 0, "SO_SNDTIMEO");
	must(setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &tv,
	    sizeof(tv)) == 0, "SO_RCVTIMEO");
	(void)uds_fill(fds[0]);
	must(clock_gettime(CLOCK_MONOTONIC, &t0) == 0, "clock_gettime");
	errno = 0;
	must(send(fds[0], buf, UDS_FILL, 0) == -1 && errno == EAGAIN,
	    "send's time");
	errno = 0;
	must(recv(fds[0], buf, 1, 0) == -1 && errno == EAGAIN, "recv's time");
	must(clock_gettime(CLOCK_MONOTONIC, &t1) == 0, "clock_gettime");
	must((t1.tv_sec - t0.tv_sec) * 1000 +
	    (t1.tv_nsec - t0.tv_nsec) / 1000000 >= 95, "too early");
	uds_close_pair(fds);
}
