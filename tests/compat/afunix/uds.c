#include "uds.h"

#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

socklen_t
uds_addr(struct sockaddr_un *un, const char *path)
{
	size_t len = strlen(path);

	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	ck_assert_uint_lt(len, sizeof(un->sun_path));
	memcpy(un->sun_path, path, len);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
}

int
uds_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static int
done(int fd, int rc)
{
	int err = errno;

	if (rc == 0)
		return fd;
	ck_assert_int_eq(close(fd), 0);
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

	ck_assert_int_ge(fd, 0);
	errno = 0;
	return done(fd, connect(fd, (struct sockaddr *)&un, len));
}

int
uds_listen(const char *path, int backlog)
{
	int fd = uds_try_bind(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(listen(fd, backlog), 0);
	return fd;
}

int
uds_connect(const char *path)
{
	int fd = uds_try_connect(path, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

void
uds_exchange(int a, int b)
{
	char c = 0;

	ck_assert_int_eq(write(a, "x", 1), 1);
	ck_assert_int_eq(read(b, &c, 1), 1);
	ck_assert_int_eq(c, 'x');
	ck_assert_int_eq(write(b, "y", 1), 1);
	ck_assert_int_eq(read(a, &c, 1), 1);
	ck_assert_int_eq(c, 'y');
}
