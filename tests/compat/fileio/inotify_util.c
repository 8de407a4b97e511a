#include "compat/fileio/inotify_util.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/host.h"
#include "support/tmpdir.h"

int in;
static _Alignas(struct inotify_event) char room[BUF_SIZE];
char *const buf = room;
static size_t at, filled;

static void
setup(void)
{
	ck_assert_int_ge(in = inotify_init1(IN_NONBLOCK), 0);
	ck_assert_int_eq(mkdir("d", 0755), 0);
	at = filled = 0;
}

static void
teardown(void)
{
	ck_assert_int_eq(close(in), 0);
	(void)rmdir("d");
}

void
make(const char *path, const char *data)
{
	int fd = open(path, O_RDWR | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	if (data != NULL)
		ck_assert_int_eq(write(fd, data, strlen(data)),
		    (int)strlen(data));
	ck_assert_int_eq(close(fd), 0);
}

int
watch(const char *path, uint32_t mask)
{
	int wd = inotify_add_watch(in, path, mask);

	ck_assert_msg(wd > 0, "%s: errno %d", path, errno);
	return wd;
}

/* The next event, which has to come. */
const struct inotify_event *
next(void)
{
	struct pollfd p = { .fd = in, .events = POLLIN };
	const struct inotify_event *e;
	ssize_t n;

	if (at == filled) {
		ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
		ck_assert_int_eq(p.revents, POLLIN);
		ck_assert_int_gt(n = read(in, buf, BUF_SIZE), 0);
		filled = (size_t)n;
		at = 0;
	}
	e = (const void *)(buf + at);
	at += sizeof(*e) + e->len;
	ck_assert_uint_le(at, filled);
	ck_assert_uint_eq(e->len % sizeof(*e), 0);
	ck_assert(e->len == 0 || memchr(e->name, '\0', e->len) != NULL);
	return e;
}

uint32_t
expect(int wd, uint32_t mask, const char *name)
{
	const struct inotify_event *e = next();

	ck_assert_msg(e->wd == wd && e->mask == mask &&
	    strcmp(e->len > 0 ? e->name : "", name) == 0,
	    "got %d %x \"%s\", not %d %x \"%s\"", e->wd, e->mask,
	    e->len > 0 ? e->name : "", wd, mask, name);
	return e->cookie;
}

void
expect_none(void)
{
	ck_assert_uint_eq(at, filled);
	FAILS(read(in, buf, BUF_SIZE), EAGAIN);
}

void
again(size_t n)
{
	filled = n;
	at = 0;
}

int
run(const TTest *const tests[], int n)
{
	Suite *suite = suite_create("inotify");
	TCase *tc = tcase_create("inotify");
	SRunner *runner;
	int failed, i;

	host_start();
	tcase_set_timeout(tc, 0);
	tcase_add_checked_fixture(tc, setup, teardown);
	for (i = 0; i < n; i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	tmpdir_enter();
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	tmpdir_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
