/*
 * System V's signal calls (POSIX.1-2017, sighold()), psiginfo(), and
 * pthread_sigqueue().
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"

/* They are obsolescent, and here all the same. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static volatile sig_atomic_t count;

static void
on_signal(int signo)
{
	(void)signo;
	count++;
}

static void
start(void)
{
	sigset_t none;

	sigemptyset(&none);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &none, NULL), 0);
	ck_assert(signal(SIGUSR1, on_signal) != SIG_ERR);
	count = 0;
}

/* XSH sighold(), sigrelse(): into the mask, and out of it. */
START_TEST(a_signal_that_is_held_waits)
{
	start();
	ck_assert_int_eq(sighold(SIGUSR1), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 0);
	ck_assert_int_eq(sigrelse(SIGUSR1), 0);
	ck_assert_int_eq(count, 1);
}
END_TEST

/* XSH sigignore(). */
START_TEST(a_signal_can_be_ignored)
{
	struct sigaction act;

	start();
	ck_assert_int_eq(sigignore(SIGUSR1), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 0);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &act), 0);
	ck_assert(act.sa_handler == SIG_IGN);
}
END_TEST

/* XSH sigpause(): out of the mask, wait, into it again. */
START_TEST(sigpause_lets_one_signal_in)
{
	sigset_t set;

	start();
	ck_assert_int_eq(sighold(SIGUSR1), 0);
	ck_assert_int_eq(sighold(SIGUSR2), 0);
	ck_assert_int_eq(raise(SIGUSR2), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	FAILS(sigpause(SIGUSR1), EINTR);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &set), 0);
	ck_assert_int_eq(sigismember(&set, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&set, SIGUSR2), 1);
	ck_assert_int_eq(sigpending(&set), 0);
	ck_assert_int_eq(sigismember(&set, SIGUSR2), 1);
	ck_assert_int_eq(sigignore(SIGUSR2), 0);
}
END_TEST

/* XSH sigset(): "SIG_HOLD if the signal had been blocked", else the action. */
START_TEST(sigset_tells_what_was)
{
	struct sigaction act;

	start();
	ck_assert(sigset(SIGUSR1, SIG_DFL) == on_signal);
	ck_assert(sigset(SIGUSR1, on_signal) == SIG_DFL);
	ck_assert(sigset(SIGUSR1, SIG_HOLD) == on_signal);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 0);
	ck_assert_int_eq(sigaction(SIGUSR1, NULL, &act), 0);
	ck_assert(act.sa_handler == on_signal);
	ck_assert(sigset(SIGUSR1, SIG_HOLD) == SIG_HOLD);
	ck_assert(sigset(SIGUSR1, on_signal) == SIG_HOLD);
	ck_assert_int_eq(count, 1);
	ck_assert(sigset(SIGUSR1, SIG_IGN) == on_signal);
}
END_TEST

/* EINVAL. */
START_TEST(what_is_no_signal_is_refused)
{
	static const int bad[] = { -1, 0, 65, 4711 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		FAILS(sighold(bad[i]), EINVAL);
		FAILS(sigrelse(bad[i]), EINVAL);
		FAILS(sigignore(bad[i]), EINVAL);
		FAILS(sigpause(bad[i]), EINVAL);
		errno = 0;
		ck_assert(sigset(bad[i], SIG_DFL) == SIG_ERR);
		ck_assert_int_eq(errno, EINVAL);
	}
	FAILS(sigignore(SIGKILL), EINVAL);
	errno = 0;
	ck_assert(sigset(SIGKILL, on_signal) == SIG_ERR);
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

static void
print_info(int signo, const char *prefix)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signo;
	psiginfo(&info, prefix);
}

static void
print_number(int signo, const char *prefix)
{
	psignal(signo, prefix);
}

static void
say(void (*print)(int, const char *), int signo, const char *prefix, char *buf,
    size_t size)
{
	int fd = open("said", O_RDWR | O_CREAT | O_TRUNC, 0600);
	int old = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(old, 0);
	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	print(signo, prefix);
	ck_assert_int_eq(dup2(old, STDERR_FILENO), STDERR_FILENO);
	ck_assert_int_eq(close(old), 0);
	n = pread(fd, buf, size - 1, 0);
	ck_assert_int_gt(n, 1);
	buf[n] = '\0';
	ck_assert_int_eq(close(fd), 0);
}

/* XSH psiginfo(): the message, a colon, the signal's text, a newline. */
START_TEST(psiginfo_says_which_signal)
{
	static const char begin[] = "here: User defined signal 1";
	char buf[200];

	say(print_info, SIGUSR1, "here", buf, sizeof(buf));
	ck_assert_int_eq(strncmp(buf, begin, strlen(begin)), 0);
	ck_assert_int_eq(buf[strlen(buf) - 1], '\n');
	say(print_info, SIGSEGV, "", buf, sizeof(buf));
	ck_assert_int_eq(strncmp(buf, "Segmentation fault", 18), 0);
	say(print_info, SIGTERM, NULL, buf, sizeof(buf));
	ck_assert_int_eq(strncmp(buf, "Terminated", 10), 0);
}
END_TEST

/* XSH psignal(): the same by number; errno stays. */
START_TEST(psignal_says_which_signal)
{
	char buf[200];

	errno = EDOM;
	say(print_number, SIGUSR1, "here", buf, sizeof(buf));
	ck_assert_int_eq(errno, EDOM);
	ck_assert_str_eq(buf, "here: User defined signal 1\n");
	say(print_number, SIGTERM, NULL, buf, sizeof(buf));
	ck_assert_str_eq(buf, "Terminated\n");
}
END_TEST

/* XSH psignal(), psiginfo(): errno, on error. */
START_TEST(psignal_tells_what_fails)
{
	void (*const both[])(int, const char *) = { print_number, print_info };
	int old = dup(STDERR_FILENO), fd, err;
	size_t i;

	for (i = 0; i < 2; i++) {
		fd = open("said", O_RDONLY | O_CREAT, 0600);
		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
		errno = 0;
		both[i](SIGTERM, "here");
		err = errno;
		clearerr(stderr);
		ck_assert_int_eq(dup2(old, STDERR_FILENO), STDERR_FILENO);
		ck_assert_int_eq(err, EBADF);
		ck_assert_int_eq(close(fd), 0);
	}
	ck_assert_int_eq(close(old), 0);
}
END_TEST

/* XSH psignal(), strsignal(): the same texts; and nobody overwrites its. */
START_TEST(a_signal_has_one_text)
{
	char buf[200];
	const char *text;
	size_t n;
	int signo;

	for (signo = SIGHUP; signo <= SIGSYS; signo++) {
		text = strsignal(signo);
		n = strlen(text);
		say(print_number, signo, NULL, buf, sizeof(buf));
		ck_assert_uint_eq(strlen(buf), n + 1);
		ck_assert_int_eq(strncmp(buf, text, n), 0);
	}
	text = strsignal(SIGRTMIN + 2);
	say(print_number, SIGRTMIN + 3, NULL, buf, sizeof(buf));
	say(print_info, SIGRTMIN + 4, NULL, buf, sizeof(buf));
	ck_assert_str_eq(text, "Real-time signal 2");
}
END_TEST

static sigset_t in_handler;

static void
note_mask(int signo)
{
	(void)signo;
	count++;
	(void)sigprocmask(SIG_BLOCK, NULL, &in_handler);
}

/* XSH sigset(): its signal is blocked in the handler, and not afterwards. */
START_TEST(sigset_blocks_its_signal_in_the_handler)
{
	sigset_t now;

	start();
	ck_assert(sigset(SIGUSR1, note_mask) == on_signal);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(sigismember(&in_handler, SIGUSR1), 1);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGUSR1), 0);
	ck_assert(sigset(SIGUSR1, SIG_DFL) == note_mask);
}
END_TEST

static void *
wait_for_value(void *arg)
{
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	if (sigwaitinfo(&set, &info) == SIGUSR2 && info.si_code == SI_QUEUE)
		*(int *)arg = info.si_value.sival_int;
	return NULL;
}

/* pthread_sigqueue(3): one thread, with a value. */
START_TEST(a_thread_is_sent_a_value)
{
	union sigval value = { .sival_int = 4711 };
	pthread_t thread;
	int got = 0;

	start();
	ck_assert_int_eq(sighold(SIGUSR2), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_value, &got),
	    0);
	ck_assert_int_eq(pthread_sigqueue(thread, 65, value), EINVAL);
	ck_assert_int_eq(pthread_sigqueue(thread, SIGUSR2, value), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(got, 4711);
}
END_TEST

int
main(void)
{
	static const TTest *tests[12];
	int n = 0;

	tests[n++] = a_signal_that_is_held_waits;
	tests[n++] = a_signal_can_be_ignored;
	tests[n++] = sigpause_lets_one_signal_in;
	tests[n++] = sigset_tells_what_was;
	tests[n++] = what_is_no_signal_is_refused;
	tests[n++] = psiginfo_says_which_signal;
	tests[n++] = psignal_says_which_signal;
	tests[n++] = psignal_tells_what_fails;
	tests[n++] = a_signal_has_one_text;
	tests[n++] = sigset_blocks_its_signal_in_the_handler;
	tests[n++] = a_thread_is_sent_a_value;
	return run_cases("sysv", tests, n);
}
