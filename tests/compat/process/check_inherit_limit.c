/* What a child does not get on NT. */
#include <spawn.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/main.h"

/* LIM-FD-6 */
START_TEST(epoll_and_inotify_are_closed_in_a_child)
{
	int e = epoll_create1(0), n = inotify_init1(0);
	int v = eventfd(0, 0), other;
	char text[1000], expected[100];

	ck_assert_int_ge(e, 0);
	ck_assert_int_ge(n, 0);
	ck_assert_int_eq(dup2(v, 800), 800);
	ck_assert_int_eq(dup2(e, 801), 801);
	ck_assert_int_eq(dup2(n, 802), 802);
	ck_assert_int_ge(other = dup2(v, 803), 803);
	ck_assert_int_eq(kid_output(text, sizeof(text), "fds", NULL), 0);
	(void)snprintf(expected, sizeof(expected), " %d 800 803 ", v);
	ck_assert_uint_gt(strlen(text), strlen(expected));
	ck_assert_str_eq(text + strlen(text) - strlen(expected), expected);
	for (other = 800; other <= 803; other++)
		ck_assert_int_eq(close(other), 0);
	ck_assert_int_eq(close(e), 0);
	ck_assert_int_eq(close(n), 0);
	ck_assert_int_eq(close(v), 0);
}
END_TEST

/* LIM-FD-6: NT has nothing that would be an eventfd for it. */
START_TEST(a_plain_program_gets_no_eventfd)
{
	int fd = eventfd(0, 0), status;

	ck_assert_int_eq(dup2(fd, 50), 50);
	status = kid_end(plain_start(NULL, "closed", "50", NULL));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	ck_assert_int_eq(close(50), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { epoll_and_inotify_are_closed_in_a_child,
	    a_plain_program_gets_no_eventfd };

	kid_main(argc, argv);
	return run_cases("inherit_limit", tests, 2);
}
