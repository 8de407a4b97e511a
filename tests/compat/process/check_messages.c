/* err(3) and syslog(3): what is on stderr. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "support/main.h"

static int saved_stderr;

static void
catch_stderr(void)
{
	int fd = open("stderr", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	(void)fflush(stderr);
	saved_stderr = dup(2);
	ck_assert_int_eq(dup2(fd, 2), 2);
	ck_assert_int_eq(close(fd), 0);
}

static const char *
caught(void)
{
	static char text[1024];
	ssize_t n;
	int fd;

	(void)fflush(stderr);
	ck_assert_int_eq(dup2(saved_stderr, 2), 2);
	ck_assert_int_eq(close(saved_stderr), 0);
	fd = open("stderr", O_RDONLY);
	ck_assert_int_ge(fd, 0);
	n = read(fd, text, sizeof(text) - 1);
	ck_assert_int_ge((int)n, 0);
	text[n] = '\0';
	ck_assert_int_eq(close(fd), 0);
	return text;
}

/* The text behind the program's name, which is this file's. */
static const char *
behind_name(const char *text)
{
	ck_assert_ptr_eq(strstr(text, "check_messages"), text);
	text += strlen("check_messages");
	if (strncmp(text, ".exe", 4) == 0)
		text += 4;
	return text;
}

/* err(3): "the program name, a colon character, and a space" */
START_TEST(a_warning_has_program_message_and_error)
{
	catch_stderr();
	errno = ENOENT;
	warn("%s %d", "a%", 1);
	ck_assert_str_eq(behind_name(caught()),
	    ": a% 1: No such file or directory\n");
	ck_assert_int_eq(errno, ENOENT);
	catch_stderr();
	warnx("%s", "b");
	ck_assert_str_eq(behind_name(caught()), ": b\n");
	catch_stderr();
	errno = EBADF;
	warn(NULL);
	ck_assert_str_eq(behind_name(caught()), ": Bad file descriptor\n");
}
END_TEST

/* syslog(3): LOG_PERROR, LOG_PID, %m, setlogmask() */
START_TEST(log_perror_prints_what_is_logged)
{
	char must[64];

	openlog("me", LOG_PERROR, LOG_DAEMON);
	catch_stderr();
	errno = ENOENT;
	syslog(LOG_NOTICE, "%s: %m %%m", "x");
	ck_assert_str_eq(caught(), "me: x: No such file or directory %m\n");
	ck_assert_int_eq(errno, ENOENT);
	catch_stderr();
	syslog(LOG_LOCAL3 | LOG_ERR, "with a newline\n");
	ck_assert_str_eq(caught(), "me: with a newline\n");
	openlog("me", LOG_PERROR | LOG_PID, 0);
	catch_stderr();
	syslog(LOG_DEBUG, "y");
	(void)snprintf(must, sizeof(must), "me[%lld]: y\n",
	    (long long)getpid());
	ck_assert_str_eq(caught(), must);
	closelog();
}
END_TEST

START_TEST(a_mask_leaves_priorities_out)
{
	openlog("me", LOG_PERROR, LOG_USER);
	ck_assert_int_eq(setlogmask(LOG_UPTO(LOG_WARNING)),
	    LOG_UPTO(LOG_DEBUG));
	ck_assert_int_eq(setlogmask(0), LOG_UPTO(LOG_WARNING));
	catch_stderr();
	syslog(LOG_NOTICE, "no");
	syslog(LOG_WARNING, "yes");
	ck_assert_str_eq(caught(), "me: yes\n");
	ck_assert_int_eq(setlogmask(LOG_UPTO(LOG_DEBUG)),
	    LOG_UPTO(LOG_WARNING));
	closelog();
}
END_TEST

int
main(void)
{
	static const TTest *tests[3];
	int n = 0;

	tests[n++] = a_warning_has_program_message_and_error;
	tests[n++] = log_perror_prints_what_is_logged;
	tests[n++] = a_mask_leaves_priorities_out;
	return run_cases("messages", tests, n);
}
