/* poll and epoll of a terminal: only what read() would return counts. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "compat/process/kid.h"
#include "support/host.h"
#include "support/term.h"

#define NOBODY 2000000001		/* no process has this number */

/* Rows and columns; a console is at least as large as the first. */
#define SMALL 20, 70
#define LARGE 25, 80
#define ROUNDS 4

static const char *path;
static int tty, other;

static void
setup(void)
{
	ck_assert_int_ge(tty = open(path, O_RDWR | O_NOCTTY), 0);
}

static void
teardown(void)
{
	ck_assert_int_eq(close(tty), 0);
}

static int
readiness(int ms)
{
	struct pollfd p = { .fd = tty, .events = POLLIN };

	ck_assert_int_ge(poll(&p, 1, ms), 0);
	return p.revents;
}

static void
expect(const char *text, size_t size)
{
	char buf[64];

	ck_assert_int_eq(readiness(LONG_MS), POLLIN);
	ck_assert_int_eq(read(tty, buf, size), (int)strlen(text));
	ck_assert_mem_eq(buf, text, strlen(text));
}

/* POSIX, General Terminal Interface, canonical mode: a line at a time. */
START_TEST(a_line_is_readable_when_it_is_complete)
{
	ck_assert_int_eq(isatty(tty), 1);
	ck_assert_int_eq(readiness(0), 0);
	term_type("abc");
	ck_assert_int_eq(readiness(50), 0);
	term_type("\n");
	expect("abc\n", 64);
	ck_assert_int_eq(readiness(0), 0);
}
END_TEST

/* The rest of a line that was read in part is there at once. */
START_TEST(the_rest_of_a_line_is_readable)
{
	term_type("abcd\n");
	expect("ab", 2);
	ck_assert_int_eq(readiness(0), POLLIN);
	expect("cd\n", 64);
	ck_assert_int_eq(readiness(0), 0);
}
END_TEST

/* Two lines are read one by one. */
START_TEST(two_lines_are_two_reads)
{
	term_type("one\ntwo\n");
	expect("one\n", 64);
	expect("two\n", 64);
	ck_assert_int_eq(readiness(0), 0);
}
END_TEST

/* Without lines each key counts. */
START_TEST(a_key_is_readable_in_raw_mode)
{
	term_raw(tty, 1);
	ck_assert_int_eq(readiness(0), 0);
	term_type("x");
	expect("x", 64);
	term_type("y");
	term_type("z");
	expect("y", 1);
	expect("z", 1);
	ck_assert_int_eq(readiness(0), 0);
	term_raw(tty, 0);
}
END_TEST

/* What is no key does not make it readable. */
START_TEST(only_keys_count)
{
	int raw;

	for (raw = 0; raw < 2; raw++) {
		term_raw(tty, raw);
		term_disturb();
		ck_assert_int_eq(readiness(50), 0);
		term_type(raw ? "k" : "k\n");
		expect(raw ? "k" : "k\n", 64);
		ck_assert_int_eq(readiness(0), 0);
	}
	term_raw(tty, 0);
}
END_TEST

/* A terminal can be written to. */
START_TEST(a_terminal_is_writable)
{
	struct pollfd p = { .fd = tty, .events = POLLIN | POLLOUT };

	ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
	ck_assert_int_eq(p.revents, POLLOUT);
}
END_TEST

/* read(), EAGAIN: O_NONBLOCK, and nothing to read. */
START_TEST(a_nonblocking_read_is_eagain)
{
	char c;

	set_nonblock(tty);
	ck_assert_fails(read(tty, &c, 1), EAGAIN);
	term_type("ab\n");
	expect("ab\n", 64);
	ck_assert_fails(read(tty, &c, 1), EAGAIN);
}
END_TEST

static void *
type_line(void *arg)
{
	(void)arg;
	term_disturb();
	term_type("x\n");
	return NULL;
}

/* epoll(7): who waits is woken, with other kinds in the set; an edge a line. */
START_TEST(an_epoll_waits_for_keys)
{
	int ep = epoll_create1(0), e = eventfd(0, 0), i;
	char buf[16];
	pthread_t t;

	ep_add(ep, e, EPOLLIN);
	ep_add(ep, tty, EPOLLIN | EPOLLET);
	ck_assert_idle(ep);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(pthread_create(&t, NULL, type_line, NULL),
		    0);
		ck_assert_uint_eq(ep_wait_for(ep, tty, LONG_MS), EPOLLIN);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
		ck_assert_int_eq(read(tty, buf, sizeof(buf)), 2);
	}
	ck_assert_int_eq(eventfd_write(e, 1), 0);
	ck_assert_uint_eq(ep_wait_for(ep, e, LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(e), 0);
}
END_TEST

static atomic_int changes;

static void
count_change(int signo)
{
	(void)signo;
	changes++;
}

static int
has_size(int rows, int columns)
{
	struct winsize w;

	ck_assert_int_eq(ioctl(tty, TIOCGWINSZ, &w), 0);
	return w.ws_row == rows && w.ws_col == columns;
}

/* SIGWINCH comes in these waits only: none is lost before one begins. */
static int
wait_open(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };
	struct pollfd p[2] = { { .fd = tty, .events = POLLIN },
	    { .fd = other, .events = POLLIN } };
	sigset_t none;

	sigemptyset(&none);
	return ppoll(p, 2, &ts, &none);
}

/* It may come late, but comes, and one for each change. */
static void
await_changes(int n)
{
	while (changes < n)
		ck_assert_fails(wait_open(4 * LONG_MS), EINTR);
	ck_assert_int_eq(changes, n);
}

/* Nothing that came before is left to be told when the waiting begins. */
static void
begin_changes(void)
{
	struct sigaction sa = { .sa_handler = count_change };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_eq(sigaction(SIGWINCH, &sa, NULL), 0);
	changes = 0;
	ck_assert_int_ge(other = open(path, O_RDWR | O_NOCTTY), 0);
}

static void
end_changes(void)
{
	sigset_t set;

	ck_assert_ptr_nonnull(signal(SIGWINCH, SIG_DFL));
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	ck_assert_int_eq(close(other), 0);
}

/*
 * tty_ioctl(2), signal(7): SIGWINCH, for who waits; no signal for the same.
 * This is first: so is the wait that takes the size for known, and tells none.
 * Two descriptors of one terminal see each change, and one of them tells it.
 */
START_TEST(a_window_that_changes_is_told)
{
	int i, n = 0;

	begin_changes();
	ck_assert_int_eq(wait_open(50), 0);
	for (i = 0; i < ROUNDS; i++) {
		n += !has_size(SMALL);
		ck_assert_int_eq(term_resize(SMALL), 0);
		await_changes(n);
		ck_assert(has_size(SMALL));
		ck_assert_int_eq(term_resize(SMALL), 0);
		ck_assert_int_eq(wait_open(20), 0);
		ck_assert_int_eq(term_resize(LARGE), 0);
		await_changes(++n);
		ck_assert(has_size(LARGE));
	}
	ck_assert_int_eq(wait_open(50), 0);
	end_changes();
}
END_TEST

/* The same: a change is not forgotten because who came first was a reader. */
START_TEST(a_window_that_changed_before_is_told)
{
	char buf[16];
	int n;

	begin_changes();
	ck_assert_int_eq(wait_open(50), 0);
	n = !has_size(LARGE);
	ck_assert_int_eq(term_resize(LARGE), 0);
	await_changes(n);
	ck_assert_int_eq(close(other), 0);
	teardown();
	ck_assert_int_eq(term_resize(SMALL), 0);
	setup();
	ck_assert_int_ge(other = open(path, O_RDWR | O_NOCTTY), 0);
	term_type("x\n");
	ck_assert_int_eq(read(tty, buf, sizeof(buf)), 2);
	await_changes(n + 1);
	end_changes();
}
END_TEST

/* Ignored by default, however late: who counts signals comes before this. */
START_TEST(a_window_that_changes_ends_no_wait)
{
	ck_assert_int_eq(term_resize(LARGE), 0);
	ck_assert_int_eq(readiness(50), 0);
	ck_assert_int_eq(term_resize(SMALL), 0);
	ck_assert_int_eq(readiness(50), 0);
}
END_TEST

/* tty_ioctl(2): TIOCGWINSZ of what has no window. */
START_TEST(only_a_terminal_has_a_size)
{
	struct winsize w;
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	ck_assert_fails(ioctl(fd, TIOCGWINSZ, &w), ENOTTY);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_fails(ioctl(fd, TIOCGWINSZ, &w), EBADF);
}
END_TEST

/* ttyname(): a name that can be opened; tcgetpgrp(), of a terminal of ours. */
START_TEST(a_terminal_has_a_name_and_a_group)
{
	char name[256];
	int fd;

	ck_assert_ptr_nonnull(ttyname(tty));
	ck_assert_int_eq(ttyname_r(tty, name, sizeof(name)), 0);
	ck_assert_str_eq(name, ttyname(tty));
	ck_assert_int_eq(ttyname_r(tty, name, 2), ERANGE);
	ck_assert_int_ge(fd = open(ttyname(tty), O_RDWR | O_NOCTTY), 0);
	ck_assert_int_eq(isatty(fd), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(tcgetpgrp(tty), getpgrp());
	ck_assert_int_eq(tcsetpgrp(tty, getpgrp()), 0);
	ck_assert_fails(tcsetpgrp(tty, -1), EINVAL);
	ck_assert_fails(tcsetpgrp(tty, NOBODY), ESRCH);
}
END_TEST

/* tcsetpgrp(): a group of another session is no terminal's of ours. */
START_TEST(a_terminal_takes_no_group_of_another_session)
{
	char *argv[] = { (char *)(uintptr_t)kid_self(),
	    (char *)(uintptr_t)"wait", NULL };
	posix_spawnattr_t attr;
	pid_t before, pid;
	int status;

	ck_assert_int_eq(posix_spawnattr_init(&attr), 0);
	ck_assert_int_eq(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID),
	    0);
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), NULL, &attr, argv,
	    environ), 0);
	/* Not to be stopped, where Check has put us into the background. */
	ck_assert(signal(SIGTTOU, SIG_IGN) != SIG_ERR);
	before = tcgetpgrp(tty);
	ck_assert_fails(tcsetpgrp(tty, pid), EPERM);
	ck_assert_int_eq(tcgetpgrp(tty), before);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	status = kid_end(pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ck_assert_fails(tcsetpgrp(tty, pid), ESRCH);
	ck_assert(signal(SIGTTOU, SIG_DFL) == SIG_IGN);
	ck_assert_int_eq(posix_spawnattr_destroy(&attr), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	Suite *s = suite_create("terminal");
	TCase *tc = tcase_create("terminal");

	kid_main(argc, argv);
	if ((path = term_start()) == NULL) {
		host_skip("terminal", "LIM-FD-10: Wine has a console in a "
		    "terminal only");
		return 77;
	}
	term_lead(open(path, O_RDWR | O_NOCTTY));
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 0);
	tcase_add_test(tc, a_window_that_changes_is_told);
	tcase_add_test(tc, a_window_that_changed_before_is_told);
	tcase_add_test(tc, a_window_that_changes_ends_no_wait);
	tcase_add_test(tc, only_a_terminal_has_a_size);
	tcase_add_test(tc, a_line_is_readable_when_it_is_complete);
	tcase_add_test(tc, the_rest_of_a_line_is_readable);
	tcase_add_test(tc, two_lines_are_two_reads);
	tcase_add_test(tc, a_key_is_readable_in_raw_mode);
	tcase_add_test(tc, only_keys_count);
	tcase_add_test(tc, a_terminal_is_writable);
	tcase_add_test(tc, a_nonblocking_read_is_eagain);
	tcase_add_test(tc, an_epoll_waits_for_keys);
	tcase_add_test(tc, a_terminal_has_a_name_and_a_group);
	tcase_add_test(tc, a_terminal_takes_no_group_of_another_session);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
