/* inotify(7): events, and how they are read. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/fileio/inotify_util.h"

/* inotify(7): what happens to the names in a directory. */
START_TEST(a_directory_tells_of_its_names)
{
	int wd = watch("d", NAMES | IN_MODIFY);

	make("d/f", NULL);
	(void)expect(wd, IN_CREATE, "f");
	make("d/f", "text");
	(void)expect(wd, IN_MODIFY, "f");
	ck_assert_int_eq(unlink("d/f"), 0);
	(void)expect(wd, IN_DELETE, "f");
	expect_none();
}
END_TEST

/* Read together, they are in their order. */
START_TEST(events_come_in_their_order)
{
	int wd = watch("d", NAMES | IN_MODIFY);

	make("d/f", "text");
	ck_assert_int_eq(rename("d/f", "d/g"), 0);
	make("d/h", "text");
	ck_assert_int_eq(unlink("d/g"), 0);
	ck_assert_int_eq(unlink("d/h"), 0);
	(void)expect(wd, IN_CREATE, "f");
	(void)expect(wd, IN_MODIFY, "f");
	(void)expect(wd, IN_MOVED_FROM, "f");
	(void)expect(wd, IN_MOVED_TO, "g");
	(void)expect(wd, IN_CREATE, "h");
	(void)expect(wd, IN_MODIFY, "h");
	(void)expect(wd, IN_DELETE, "g");
	(void)expect(wd, IN_DELETE, "h");
	expect_none();
}
END_TEST

/* inotify(7): the cookie connects both ends of a move. */
START_TEST(a_cookie_connects_the_ends_of_a_move)
{
	int wd = watch("d", NAMES);
	uint32_t a, b;

	make("d/f", NULL);
	ck_assert_uint_eq(expect(wd, IN_CREATE, "f"), 0);
	ck_assert_int_eq(rename("d/f", "d/g"), 0);
	a = expect(wd, IN_MOVED_FROM, "f");
	ck_assert_uint_ne(a, 0);
	ck_assert_uint_eq(expect(wd, IN_MOVED_TO, "g"), a);
	ck_assert_int_eq(rename("d/g", "d/f"), 0);
	b = expect(wd, IN_MOVED_FROM, "g");
	ck_assert_uint_ne(b, a);
	ck_assert_uint_eq(expect(wd, IN_MOVED_TO, "f"), b);
	ck_assert_int_eq(unlink("d/f"), 0);
	ck_assert_uint_eq(expect(wd, IN_DELETE, "f"), 0);
}
END_TEST

/* A file that takes another's name does not delete it for its directory. */
START_TEST(a_move_over_a_file_is_a_move)
{
	int wd;

	make("d/f", NULL);
	make("d/g", NULL);
	wd = watch("d", NAMES);
	ck_assert_int_eq(rename("d/f", "d/g"), 0);
	(void)expect(wd, IN_MOVED_FROM, "f");
	(void)expect(wd, IN_MOVED_TO, "g");
	ck_assert_int_eq(unlink("d/g"), 0);
	(void)expect(wd, IN_DELETE, "g");
}
END_TEST

/* Only what is asked for is told: one end of a move alone, too. */
START_TEST(the_mask_says_what_is_told)
{
	int wd = watch("d", IN_MOVED_TO);

	make("d/f", "text");
	ck_assert_int_eq(rename("d/f", "d/g"), 0);
	(void)expect(wd, IN_MOVED_TO, "g");
	ck_assert_int_eq(inotify_add_watch(in, "d", IN_DELETE), wd);
	ck_assert_int_eq(rename("d/g", "d/f"), 0);
	ck_assert_int_eq(unlink("d/f"), 0);
	(void)expect(wd, IN_DELETE, "f");
	expect_none();
}
END_TEST

/* inotify(7), IN_ISDIR. */
START_TEST(directories_are_marked)
{
	int wd = watch("d", NAMES);
	uint32_t cookie;

	ck_assert_int_eq(mkdir("d/s", 0755), 0);
	(void)expect(wd, IN_CREATE | IN_ISDIR, "s");
	ck_assert_int_eq(rename("d/s", "d/t"), 0);
	cookie = expect(wd, IN_MOVED_FROM | IN_ISDIR, "s");
	ck_assert_uint_eq(expect(wd, IN_MOVED_TO | IN_ISDIR, "t"), cookie);
	ck_assert_int_eq(rmdir("d/t"), 0);
	(void)expect(wd, IN_DELETE | IN_ISDIR, "t");
	expect_none();
}
END_TEST

/* inotify(7): a watch of a directory is not one of the directories in it. */
START_TEST(directories_below_are_not_watched)
{
	int wd;

	ck_assert_int_eq(mkdir("d/s", 0755), 0);
	wd = watch("d", NAMES | IN_MODIFY);
	make("d/s/f", "text");
	ck_assert_int_eq(unlink("d/s/f"), 0);
	ck_assert_int_eq(rmdir("d/s"), 0);
	(void)expect(wd, IN_DELETE | IN_ISDIR, "s");
	expect_none();
}
END_TEST

/* read(): whole events only; FIONREAD tells how many bytes there are. */
START_TEST(a_short_buffer_is_einval)
{
	int wd = watch("d", IN_CREATE), n = -1;
	size_t one = 2 * sizeof(struct inotify_event);

	ck_assert_int_eq(ioctl(in, FIONREAD, &n), 0);
	ck_assert_int_eq(n, 0);
	make("d/f", NULL);
	make("d/g", NULL);
	while (n < (int)(2 * one))
		ck_assert_int_eq(ioctl(in, FIONREAD, &n), 0);
	ck_assert_int_eq(n, (int)(2 * one));
	FAILS(read(in, buf, one - 1), EINVAL);
	FAILS(read(in, buf, 0), EINVAL);
	ck_assert_int_eq(read(in, buf, 2 * one - 1), (int)one);
	again(one);
	(void)expect(wd, IN_CREATE, "f");
	(void)expect(wd, IN_CREATE, "g");
	expect_none();
	ck_assert_int_eq(unlink("d/f"), 0);
	ck_assert_int_eq(unlink("d/g"), 0);
}
END_TEST

/* inotify(7), NOTES: the same event twice in a row is told once. */
START_TEST(equal_events_are_told_once)
{
	int wd, i, fd;

	make("d/f", NULL);
	wd = watch("d", IN_MODIFY | IN_DELETE);
	ck_assert_int_ge(fd = open("d/f", O_WRONLY), 0);
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("d/f"), 0);
	while (ioctl(in, FIONREAD, &i) == 0 &&
	    i < (int)(4 * sizeof(struct inotify_event)))
		continue;
	(void)expect(wd, IN_MODIFY, "f");
	(void)expect(wd, IN_DELETE, "f");
	expect_none();
}
END_TEST

/* Names are UTF-8, and padded. */
START_TEST(names_are_utf8)
{
	static const char name[] = "d/\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80";
	int wd = watch("d", IN_CREATE);

	make(name, NULL);
	(void)expect(wd, IN_CREATE, name + 2);
	ck_assert_int_eq(unlink(name), 0);
}
END_TEST

/* It is close-on-exec and non-blocking when asked, and not written to. */
START_TEST(the_descriptor_has_its_flags)
{
	int a = inotify_init1(IN_CLOEXEC), b = inotify_init();

	ck_assert_int_eq(fcntl(a, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(b, F_GETFD), 0);
	ck_assert_int_eq(fcntl(b, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_RDONLY);
	ck_assert_int_eq(fcntl(in, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_RDONLY | O_NONBLOCK);
	FAILS(write(in, "x", 1), EBADF);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* epoll(7): level and edge, with another kind in the set. */
START_TEST(epoll_tells_of_it)
{
	struct epoll_event ev = { .events = EPOLLIN, .data = { .fd = 1 } };
	struct epoll_event edge = { .events = EPOLLIN | EPOLLET,
	    .data = { .fd = 2 } }, got[4];
	int ep = epoll_create1(0), e = eventfd(0, 0), other = dup(in);

	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, in, &ev), 0);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, e, &ev), 0);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, other, &edge), 0);
	ck_assert_int_eq(epoll_wait(ep, got, 4, 0), 0);
	(void)watch("d", IN_CREATE);
	make("d/f", NULL);
	ck_assert_int_ge(epoll_wait(ep, got, 4, LONG_MS), 1);
	ck_assert_uint_eq(got[0].events, EPOLLIN);
	(void)epoll_wait(ep, got, 4, 0);	/* the edge, by now */
	ck_assert_int_eq(epoll_wait(ep, got, 4, 0), 1);
	ck_assert_int_eq(got[0].data.fd, 1);
	ck_assert_int_gt(read(in, buf, BUF_SIZE), 0);
	ck_assert_int_eq(epoll_wait(ep, got, 4, 0), 0);
	ck_assert_int_eq(unlink("d/f"), 0);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(e), 0);
	ck_assert_int_eq(close(other), 0);
}
END_TEST

static void *
make_later(void *arg)
{
	int fd = open("d/f", O_WRONLY | O_CREAT, 0644);

	(void)arg;
	return fd < 0 || close(fd) != 0 ? &in : NULL;
}

/* A read that blocks is woken; also on a thread that did not add the watch. */
START_TEST(a_blocking_read_waits)
{
	int wd = watch("d", IN_CREATE);
	pthread_t t;
	void *bad;

	ck_assert_int_eq(fcntl(in, F_SETFL, 0), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, make_later, NULL), 0);
	ck_assert_int_eq(read(in, buf, BUF_SIZE),
	    2 * (int)sizeof(struct inotify_event));
	again(2 * sizeof(struct inotify_event));
	(void)expect(wd, IN_CREATE, "f");
	ck_assert_int_eq(pthread_join(t, &bad), 0);
	ck_assert_ptr_null(bad);
	ck_assert_int_eq(unlink("d/f"), 0);
}
END_TEST

/* inotify(7), IN_Q_OVERFLOW: what is too much is told as such, once. */
START_TEST(too_many_events_overflow)
{
	const struct inotify_event *e;
	char name[64];
	int i, wd = watch("d", NAMES), n = 0, over = 0;

	for (i = 0; i < 17000 && !over; i++) {
		(void)snprintf(name, sizeof(name), "d/f%d", i % 10);
		make(name, NULL);
		ck_assert_int_eq(unlink(name), 0);
		over = i >= 9000;
	}
	for (over = 0; !over; n++) {
		e = next();
		over = e->mask == IN_Q_OVERFLOW;
		ck_assert_int_eq(e->wd, over ? -1 : wd);
		ck_assert_uint_eq(e->len, over ? 0 : 16);
	}
	ck_assert_int_le(n, 16384 + 1);
	make("d/end", NULL);
	do {
		e = next();
	} while (e->len == 0 || strcmp(e->name, "end") != 0);
	ck_assert_int_eq(unlink("d/end"), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[14];
	int n = 0;

	tests[n++] = a_directory_tells_of_its_names;
	tests[n++] = events_come_in_their_order;
	tests[n++] = a_cookie_connects_the_ends_of_a_move;
	tests[n++] = a_move_over_a_file_is_a_move;
	tests[n++] = the_mask_says_what_is_told;
	tests[n++] = directories_are_marked;
	tests[n++] = directories_below_are_not_watched;
	tests[n++] = a_short_buffer_is_einval;
	tests[n++] = equal_events_are_told_once;
	tests[n++] = names_are_utf8;
	tests[n++] = the_descriptor_has_its_flags;
	tests[n++] = epoll_tells_of_it;
	tests[n++] = a_blocking_read_waits;
	tests[n++] = too_many_events_overflow;
	return run(tests, n);
}
