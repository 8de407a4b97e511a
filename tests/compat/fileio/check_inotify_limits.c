/* What inotify cannot do on NT: LIM-INOTIFY. */
#include <sys/inotify.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"

#define LONG_MS 20000

static _Alignas(struct inotify_event) char buf[4096];

static void
make(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(close(fd), 0);
}

/* One event of that watch. */
static void
expect(int in, int wd, uint32_t mask)
{
	const struct inotify_event *e = (const void *)buf;
	struct pollfd p = { .fd = in, .events = POLLIN };

	ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
	ck_assert_int_gt(read(in, buf, sizeof(*e) + 16), 0);
	ck_assert_int_eq(e->wd, wd);
	ck_assert_uint_eq(e->mask, mask);
}

/* LIM-INOTIFY-1. */
START_TEST(what_is_never_told_is_refused)
{
	int in = inotify_init();

	FAILS(inotify_add_watch(in, ".", IN_OPEN), EINVAL);
	FAILS(inotify_add_watch(in, ".", IN_ACCESS | IN_CLOSE), EINVAL);
	FAILS(inotify_add_watch(in, ".", IN_CLOSE_WRITE | IN_MOVED_TO),
	    EINVAL);
	ck_assert_int_gt(inotify_add_watch(in, ".", IN_OPEN | IN_CREATE), 0);
	ck_assert_int_gt(inotify_add_watch(in, ".", IN_CLOSE_WRITE |
	    IN_MODIFY), 0);
	ck_assert_int_gt(inotify_add_watch(in, ".", IN_ALL_EVENTS), 0);
	FAILS(inotify_add_watch(in, "/dev/null", IN_MODIFY), ENXIO);
	ck_assert_int_eq(close(in), 0);
}
END_TEST

/* LIM-INOTIFY-2. */
START_TEST(a_move_between_directories_is_a_deletion)
{
	int in = inotify_init(), out = inotify_init(), a, b;

	ck_assert_int_eq(mkdir("a", 0755), 0);
	ck_assert_int_eq(mkdir("b", 0755), 0);
	make("a/f");
	a = inotify_add_watch(in, "a", IN_MOVE | IN_DELETE);
	b = inotify_add_watch(out, "b", IN_MOVE | IN_CREATE);
	ck_assert_int_eq(rename("a/f", "b/f"), 0);
	expect(in, a, IN_DELETE);
	expect(out, b, IN_CREATE);
	ck_assert_int_eq(close(in), 0);
	ck_assert_int_eq(close(out), 0);
	ck_assert_int_eq(unlink("b/f"), 0);
	ck_assert_int_eq(rmdir("a"), 0);
	ck_assert_int_eq(rmdir("b"), 0);
}
END_TEST

/* LIM-INOTIFY-4. */
START_TEST(another_link_s_changes_are_not_seen)
{
	int in = inotify_init(), wd;

	ck_assert_int_eq(mkdir("a", 0755), 0);
	make("f");
	ck_assert_int_eq(link("f", "a/g"), 0);
	wd = inotify_add_watch(in, "f", IN_MODIFY | IN_DELETE_SELF);
	make("a/g");
	ck_assert_int_eq(unlink("f"), 0);
	expect(in, wd, IN_DELETE_SELF);
	ck_assert_int_eq(close(in), 0);
	ck_assert_int_eq(unlink("a/g"), 0);
	ck_assert_int_eq(rmdir("a"), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = what_is_never_told_is_refused;
	tests[n++] = a_move_between_directories_is_a_deletion;
	tests[n++] = another_link_s_changes_are_not_seen;
	return run_cases("inotify limits", tests, n);
}
