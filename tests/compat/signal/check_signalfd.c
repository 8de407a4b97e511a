/* signalfd: signals that are read. */
#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static sigset_t usr;

static void
setup(void)
{
	sigemptyset(&usr);
	sigaddset(&usr, SIGUSR1);
	sigaddset(&usr, SIGUSR2);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &usr, NULL), 0);
}

/* signalfd(2): struct signalfd_siginfo is 128 bytes, and is read whole. */
START_TEST(a_blocked_signal_can_be_read)
{
	struct signalfd_siginfo info;
	sigset_t pending;
	int fd = signalfd(-1, &usr, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_uint_eq(sizeof(info), 128);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_uint_eq(info.ssi_signo, SIGUSR1);
	ck_assert_int_eq(info.ssi_code, SI_USER);
	ck_assert_uint_eq(info.ssi_pid, (unsigned int)getpid());
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGUSR1), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(nothing_pending_is_eagain)
{
	struct signalfd_siginfo info;
	int fd = signalfd(-1, &usr, SFD_NONBLOCK | SFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	errno = 0;
	ck_assert_int_eq(read(fd, &info, sizeof(info)), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(several_signals_are_read_at_once)
{
	struct signalfd_siginfo info[3];
	int fd = signalfd(-1, &usr, SFD_NONBLOCK);

	ck_assert_int_eq(kill(getpid(), SIGUSR2), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(read(fd, info, sizeof(info)), 2 * sizeof(info[0]));
	ck_assert_uint_eq(info[0].ssi_signo, SIGUSR1);
	ck_assert_uint_eq(info[1].ssi_signo, SIGUSR2);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_queued_value_can_be_read)
{
	struct signalfd_siginfo info;
	union sigval value = { .sival_int = 4711 };
	sigset_t rt;
	int fd;

	sigemptyset(&rt);
	sigaddset(&rt, SIGRTMIN);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &rt, NULL), 0);
	fd = signalfd(-1, &rt, SFD_NONBLOCK);
	ck_assert_int_eq(sigqueue(getpid(), SIGRTMIN, value), 0);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_int_eq(info.ssi_signo, SIGRTMIN);
	ck_assert_int_eq(info.ssi_code, SI_QUEUE);
	ck_assert_int_eq(info.ssi_int, 4711);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(the_mask_can_be_changed)
{
	struct signalfd_siginfo info;
	sigset_t usr2;
	int fd = signalfd(-1, &usr, SFD_NONBLOCK);

	sigemptyset(&usr2);
	sigaddset(&usr2, SIGUSR2);
	ck_assert_int_eq(signalfd(fd, &usr2, 0), fd);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	errno = 0;
	ck_assert_int_eq(read(fd, &info, sizeof(info)), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(signalfd(fd, &usr, 0), fd);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_uint_eq(info.ssi_signo, SIGUSR1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* signalfd(2): Linux says EFAULT where its page says nothing. */
START_TEST(a_null_mask_is_efault)
{
	sigset_t *volatile none = NULL;

	errno = 0;
	ck_assert_int_eq(signalfd(-1, none, 0), -1);
	ck_assert_int_eq(errno, EFAULT);
	errno = 0;
	ck_assert_int_eq(signalfd(0xbeef, none, 0), -1);
	ck_assert_int_eq(errno, EFAULT);
}
END_TEST

/* signalfd(2), EBADF and EINVAL. */
START_TEST(bad_arguments_are_refused)
{
	char byte;
	int fd = signalfd(-1, &usr, SFD_NONBLOCK), ep;

	errno = 0;
	ck_assert_int_eq(read(fd, &byte, 1), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(write(fd, "x", 1), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(close(fd), 0);
	errno = 0;
	ck_assert_int_eq(signalfd(fd, &usr, 0), -1);
	ck_assert_int_eq(errno, EBADF);
	errno = 0;
	ck_assert_int_eq(signalfd(-1, &usr, 0x40000001), -1);
	ck_assert_int_eq(errno, EINVAL);
	ep = epoll_create1(0);
	ck_assert_int_ge(ep, 0);
	errno = 0;
	ck_assert_int_eq(signalfd(ep, &usr, 0), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

static void *
send_usr1(void *arg)
{
	(void)arg;
	if (kill(getpid(), SIGUSR1) != 0)
		abort();
	return NULL;
}

START_TEST(a_blocking_read_waits_for_the_signal)
{
	struct signalfd_siginfo info;
	pthread_t thread;
	int fd = signalfd(-1, &usr, 0);

	ck_assert_int_eq(pthread_create(&thread, NULL, send_usr1, NULL), 0);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_uint_eq(info.ssi_signo, SIGUSR1);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(epoll_sees_the_signal)
{
	struct signalfd_siginfo info;
	struct epoll_event ev = { .events = EPOLLIN };
	pthread_t thread;
	int fd = signalfd(-1, &usr, SFD_NONBLOCK), ep = epoll_create1(0);

	ev.data.fd = fd;
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, send_usr1, NULL), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, -1), 1);
	ck_assert_uint_eq(ev.events, EPOLLIN);
	ck_assert_int_eq(ev.data.fd, fd);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 1);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

/* signalfd(2): what the new mask lets in is news to who watches. */
START_TEST(epoll_sees_what_a_new_mask_lets_in)
{
	struct signalfd_siginfo info;
	struct epoll_event ev = { .events = EPOLLIN };
	sigset_t none;
	int fd, ep = epoll_create1(0);

	sigemptyset(&none);
	ck_assert_int_ge(fd = signalfd(-1, &none, SFD_NONBLOCK), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), 0);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_int_eq(signalfd(fd, &usr, 0), fd);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 1);
	ck_assert_uint_eq(ev.events, EPOLLIN);
	ck_assert_int_eq(read(fd, &info, sizeof(info)), sizeof(info));
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("signalfd");
	TCase *tc = tcase_create("signalfd");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_null_mask_is_efault);
	tcase_add_test(tc, a_blocked_signal_can_be_read);
	tcase_add_test(tc, nothing_pending_is_eagain);
	tcase_add_test(tc, several_signals_are_read_at_once);
	tcase_add_test(tc, a_queued_value_can_be_read);
	tcase_add_test(tc, the_mask_can_be_changed);
	tcase_add_test(tc, bad_arguments_are_refused);
	tcase_add_test(tc, a_blocking_read_waits_for_the_signal);
	tcase_add_test(tc, epoll_sees_the_signal);
	tcase_add_test(tc, epoll_sees_what_a_new_mask_lets_in);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
