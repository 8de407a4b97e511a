/* Sockets when Winsock refuses; numbers are Winsock's. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <compat.h>
#include <errno.h>
#include <string.h>

#include "compat/nt/fault_run.h"

#define MFILE 10024u
#define NOBUFS 10055u
#define REFUSED 10045u			/* WSAEOPNOTSUPP */
#define ROUNDS 50

static struct sockaddr_in
loopback(void)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return in;
}

/* Every step of making a socket, and no handle stays. */
START_TEST(failed_socket_leaves_nothing)
{
	static const struct {
		const char *call;
		uint32_t code;
		int err;
	} step[] = {
		{ "WSASocketW", MFILE, EMFILE },
		{ "WSASocketW", NOBUFS, ENOBUFS },
		{ "ioctlsocket", NOBUFS, ENOBUFS },
		{ "WSAIoctl", REFUSED, EOPNOTSUPP },
	};
	unsigned int before, s, i;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	before = fault_handles();
	for (s = 0; s < sizeof(step) / sizeof(step[0]); s++) {
		fault_reset();
		fault_set(step[s].call, 0, FOR_EVER, step[s].code);
		for (i = 0; i < ROUNDS; i++)
			FAILS(socket(AF_INET, SOCK_STREAM, 0), step[s].err);
	}
	fault_reset();
	ck_assert_uint_eq(fault_handles(), before);
	numbers_use_up(0);
	for (i = 0; i < ROUNDS; i++)
		FAILS(socket(AF_INET, SOCK_STREAM, 0), ENOBUFS);
	fault_reset();
	numbers_free();
	ck_assert_uint_eq(fault_handles(), before);
}
END_TEST

/* The second way to the base handle is taken when the first is refused. */
START_TEST(refused_base_handle_is_asked_for_twice)
{
	int fd;

	fault_set("WSAIoctl", 0, 1, REFUSED);
	errno = 0;
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		ck_assert_int_eq(errno, EOPNOTSUPP);
	else
		ck_assert_int_eq(close(fd), 0);
	ck_assert_uint_eq(fault_hits(), 1);
}
END_TEST

START_TEST(failed_accept_keeps_the_connection)
{
	static const struct {
		const char *call;
		uint32_t code;
		int err;
	} step[] = {
		{ "accept", MFILE, EMFILE },
		{ "accept", NOBUFS, ENOBUFS },
	};
	struct sockaddr_in at = loopback();
	socklen_t len = sizeof(at);
	int l = socket(AF_INET, SOCK_STREAM, 0), c, a, i;
	unsigned int before, idle;

	ck_assert_int_eq(bind(l, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(listen(l, 1), 0);
	ck_assert_int_eq(getsockname(l, (struct sockaddr *)&at, &len), 0);
	/* Two numbers more than now are known to the CRT from then on. */
	ck_assert_int_ge(c = dup(l), 0);
	ck_assert_int_ge(a = dup(l), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(a), 0);
	idle = fault_handles();
	ck_assert_int_ge(c = socket(AF_INET, SOCK_STREAM, 0), 0);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&at, len), 0);
	before = fault_handles();
	for (i = 0; i < 2 * ROUNDS; i++) {
		fault_set(step[i % 2].call, 0, 1, step[i % 2].code);
		FAILS(accept(l, NULL, NULL), step[i % 2].err);
	}
	ck_assert_uint_eq(fault_handles(), before);
	ck_assert_int_ge(a = accept(l, NULL, NULL), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	/* This one is lost, but nothing of it stays. */
	ck_assert_int_ge(c = socket(AF_INET, SOCK_STREAM, 0), 0);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&at, len), 0);
	fault_set("ioctlsocket", 0, 1, NOBUFS);
	FAILS(accept(l, NULL, NULL), ENOBUFS);
	ck_assert_int_eq(close(c), 0);
	ck_assert_uint_eq(fault_handles(), idle);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* bind(), listen() and connect() can be called again. */
START_TEST(failed_step_can_be_repeated)
{
	struct sockaddr_in at = loopback();
	socklen_t len = sizeof(at);
	int l = socket(AF_INET, SOCK_STREAM, 0);
	int c = socket(AF_INET, SOCK_STREAM, 0);

	fault_set("bind", 0, 1, NOBUFS);
	FAILS(bind(l, (struct sockaddr *)&at, len), ENOBUFS);
	fault_set("bind", 0, 1, 10013);		/* WSAEACCES */
	FAILS(bind(l, (struct sockaddr *)&at, len), EADDRINUSE);
	ck_assert_int_eq(bind(l, (struct sockaddr *)&at, len), 0);
	fault_set("listen", 0, 1, NOBUFS);
	FAILS(listen(l, 1), ENOBUFS);
	ck_assert_int_eq(listen(l, 1), 0);
	fault_set("getsockname", 0, 1, NOBUFS);
	FAILS(getsockname(l, (struct sockaddr *)&at, &len), ENOBUFS);
	ck_assert_int_eq(getsockname(l, (struct sockaddr *)&at, &len), 0);
	fault_set("connect", 0, 1, NOBUFS);
	FAILS(connect(c, (struct sockaddr *)&at, len), ENOBUFS);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

START_TEST(failed_transfer_loses_nothing)
{
	char buf[8] = "";
	int s[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	fault_set("WSASend", 0, 1, NOBUFS);
	FAILS(send(s[0], "lost", 4, 0), ENOBUFS);
	fault_set("WSASend", 0, 1, 10054);	/* WSAECONNRESET */
	FAILS(send(s[0], "lost", 4, MSG_NOSIGNAL), EPIPE);
	ck_assert_int_eq(write(s[0], "kept", 4), 4);
	fault_set("WSARecv", 0, 1, NOBUFS);
	FAILS(recv(s[1], buf, 4, 0), ENOBUFS);
	ck_assert_int_eq(read(s[1], buf, 4), 4);
	ck_assert_str_eq(buf, "kept");
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* Whatever fails on the way, both ends are gone.  Return how often it did. */
static unsigned int
fail_pairs(int type, const char *const calls[], unsigned int n)
{
	unsigned int before, i, skip, done = 0;
	int s[2] = { -1, -1 }, rc;

	ck_assert_int_eq(socketpair(AF_UNIX, type, 0, s), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
	before = fault_handles();
	for (i = 0; i < n; i++)
		for (skip = 0;; skip++) {
			fault_reset();
			fault_set(calls[i], skip, 1, NOBUFS);
			errno = 0;
			rc = socketpair(AF_UNIX, type, 0, s);
			if (rc == 0) {
				ck_assert_int_eq(close(s[0]), 0);
				ck_assert_int_eq(close(s[1]), 0);
			} else {
				ck_assert_int_ne(errno, 0);
				done++;
			}
			if (fault_hits() == 0)
				break;
		}
	fault_reset();
	ck_assert_uint_eq(fault_handles(), before);
	return done;
}

START_TEST(failed_socketpair_leaves_nothing)
{
	static const char *const calls[] = { "WSASocketW", "ioctlsocket",
	    "setsockopt", "bind", "listen", "getsockname", "connect",
	    "accept", "getpeername", "WSASend", "WSARecv", "WSAIoctl",
	    "DuplicateHandle", "CreateFileMappingW", "CreateMutexW",
	    "MapViewOfFile" };

	ck_assert_uint_ge(fail_pairs(SOCK_STREAM, calls,
	    sizeof(calls) / sizeof(calls[0])), 13);
}
END_TEST

START_TEST(failed_pair_of_datagrams_leaves_nothing)
{
	static const char *const calls[] = { "WSASocketW", "ioctlsocket",
	    "CreateFileMappingW", "CreateMutexW", "CreateEventW",
	    "MapViewOfFile", "OpenFileMappingW", "OpenMutexW", "OpenEventW",
	    "CreateThreadpoolWait" };

	/* Each of two ends, three events of each, four views, four alarms. */
	ck_assert_uint_ge(fail_pairs(SOCK_DGRAM, calls,
	    sizeof(calls) / sizeof(calls[0])), 28);
}
END_TEST

/* NT that is short of something does not say that the peer is gone. */
START_TEST(a_shortage_is_no_dead_peer)
{
	int s[2], i;
	char c;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	for (i = 0; i < 10; i++) {
		fault_set("OpenEventW", 0, 1, NO_RESOURCES);
		ck_assert_int_eq(send(s[0], "x", 1, 0), 1);
	}
	for (i = 0; i < 10; i++)
		ck_assert_int_eq(recv(s[1], &c, 1, MSG_DONTWAIT), 1);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}
END_TEST

/* compat_fd_from_socket(3): on failure the socket stays the caller's. */
START_TEST(failed_adoption_leaves_the_socket)
{
	static const struct {
		const char *call;
		uint32_t code;
		int err;
	} step[] = {
		{ "getsockopt", NOBUFS, ENOBUFS },
		{ "ioctlsocket", NOBUFS, ENOBUFS },
		{ "WSAIoctl", REFUSED, EOPNOTSUPP },
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	uintptr_t handle = compat_socket_handle(fd);
	struct sockaddr_in in = loopback();
	unsigned int i;

	ck_assert_uint_ne(handle, COMPAT_NO_SOCKET);
	for (i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
		fault_reset();
		fault_set(step[i].call, 0, FOR_EVER, step[i].code);
		FAILS(compat_fd_from_socket(handle), step[i].err);
	}
	fault_reset();
	numbers_use_up(0);
	FAILS(compat_fd_from_socket(handle), ENOBUFS);
	fault_reset();
	numbers_free();
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		failed_socket_leaves_nothing,
		refused_base_handle_is_asked_for_twice,
		failed_accept_keeps_the_connection,
		failed_step_can_be_repeated,
		failed_transfer_loses_nothing,
		failed_socketpair_leaves_nothing,
		failed_pair_of_datagrams_leaves_nothing,
		a_shortage_is_no_dead_peer,
		failed_adoption_leaves_the_socket,
	};

	return fault_run("faults of sockets", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
