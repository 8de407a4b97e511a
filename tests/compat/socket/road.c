#include "compat/socket/road.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/afunix/uds.h"
#include "compat/socket/net.h"
#include "support/host.h"

#define PATH "road"

const char *const road_name[ROADS] = { "TCP", "AF_UNIX, native",
	"AF_UNIX, emulated", "socketpair" };

static enum road road;
static int listener = -1;
static uint16_t port;

int
road_begin(enum road r)
{
	int fd;

	road = r;
	if (r == ROAD_PAIR)
		return 0;
	if (r == ROAD_TCP) {
		listener = net_listen(&port);
		return 0;
	}
	ck_assert_int_eq(setenv("COMPAT_AFUNIX", r == ROAD_NATIVE ? "native" :
	    "emulate", 1), 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0) {
		ck_assert_int_eq(errno, EAFNOSUPPORT);
		host_skip(road_name[r], "LIM-UNIX-10: there is none here");
		return -1;
	}
	ck_assert_int_eq(close(fd), 0);
	listener = uds_listen(PATH, 128);
	return 0;
}

void
road_end(void)
{
	if (listener >= 0)
		ck_assert_int_eq(close(listener), 0);
	if (listener >= 0 && road != ROAD_TCP)
		ck_assert_int_eq(unlink(PATH), 0);
	listener = -1;
}

void
road_pair(int fds[2])
{
	if (road == ROAD_PAIR) {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		return;
	}
	fds[0] = road == ROAD_TCP ? net_connect(port) : uds_connect(PATH);
	fds[1] = accept(listener, NULL, NULL);
	ck_assert_int_ge(fds[1], 0);
}
