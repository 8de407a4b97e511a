#include "admin_peer.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 20000	/* ms */

struct admin_server *admin_peer_server;

static pthread_t thread;
static int run_result;

static void *
run(void *arg)
{
	run_result = admin_run(arg);
	return NULL;
}

void
admin_peer_start(const struct admin_options *opt)
{
	char why[1024] = "";

	ck_assert_msg(admin_open(opt, &admin_peer_server, why,
	    sizeof(why)) == 0, "%s", why);
	ck_assert_int_eq(pthread_create(&thread, NULL, run,
	    admin_peer_server), 0);
}

void
admin_peer_join(void)
{
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(run_result, 0);
	admin_close(admin_peer_server);
	admin_peer_server = NULL;
}

void
admin_peer_stop(void)
{
	admin_stop(admin_peer_server);
	admin_peer_join();
}

int
admin_peer_connect(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)strcpy(un.sun_path, ADMIN_PATH);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

void
admin_peer_put(int fd, const void *data, size_t len)
{
	ck_assert_int_eq(send(fd, data, len, MSG_NOSIGNAL), (ssize_t)len);
}

unsigned char *
admin_peer_frame(unsigned char *p, const char *text)
{
	size_t len = strlen(text);

	p[0] = (unsigned char)(len >> 24);
	p[1] = (unsigned char)(len >> 16);
	p[2] = (unsigned char)(len >> 8);
	p[3] = (unsigned char)len;
	memcpy(p + 4, text, len);
	return p + 4 + len;
}

void
admin_peer_ask(int fd, const char *text)
{
	unsigned char frame[8192], *end;

	ck_assert_uint_le(strlen(text) + 4, sizeof(frame));
	end = admin_peer_frame(frame, text);
	admin_peer_put(fd, frame, (size_t)(end - frame));
}

/* Read exactly len bytes.  Return 0 at the end. */
static int
get(int fd, void *data, size_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char *p = data;
	ssize_t n;

	while (len > 0) {
		ck_assert_msg(poll(&pfd, 1, PATIENCE) == 1,
		    "the server is silent");
		n = recv(fd, p, len, 0);
		/* A server that does not wait for us may end by a reset. */
		if (n == 0 || (n == -1 && errno == ECONNRESET))
			return 0;
		ck_assert_int_gt(n, 0);
		p += n;
		len -= (size_t)n;
	}
	return 1;
}

const char *
admin_peer_get(int fd)
{
	static char text[256 * 1024];
	unsigned char head[4];
	size_t len;

	if (!get(fd, head, sizeof(head)))
		return NULL;
	len = (size_t)head[0] << 24 | (size_t)head[1] << 16 |
	    (size_t)head[2] << 8 | head[3];
	ck_assert_uint_lt(len, sizeof(text));
	ck_assert(get(fd, text, len));
	text[len] = '\0';
	return text;
}

void
admin_peer_expect(int fd, const char *text)
{
	const char *got = admin_peer_get(fd);

	ck_assert_str_eq(got != NULL ? got : "the end", text);
}

void
admin_peer_expect_error(int fd, const char *msg)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "{\"Error\":{\"msg\":\"%s\"}}",
	    msg);
	admin_peer_expect(fd, text);
}

void
admin_peer_expect_end(int fd)
{
	const char *got = admin_peer_get(fd);

	ck_assert_str_eq(got != NULL ? got : "the end", "the end");
	ck_assert_int_eq(close(fd), 0);
}
