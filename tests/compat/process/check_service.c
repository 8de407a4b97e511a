/* compat_service_main(): the same program, by hand and as a service. */
#include <compat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kid.h"
#include "manager.h"
#include "support/fails.h"
#include "support/main.h"

#define SIGNALS 60		/* seconds at most */

static char text[100];

static void
on_signal(int signo)
{
	(void)signo;
}

static void
note(const char *file, const char *word)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_APPEND, 0666);

	if (write(fd, word, strlen(word)) != (ssize_t)strlen(word))
		_exit(1);
	(void)close(fd);
}

/* file: note when it runs, when SIGHUP and when SIGTERM have come; exit 7. */
static int
serve(int argc, char *argv[])
{
	sigset_t set;
	int signo = 0;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGHUP, on_signal);
	(void)signal(SIGTERM, on_signal);
	note(argv[argc - 1], "runs ");
	while (sigwait(&set, &signo) == 0 && signo == SIGHUP)
		note(argv[argc - 1], "hup ");
	note(argv[argc - 1], "term ");
	return 7;
}

static int
role_serve(char *argv[])
{
	return compat_service_main(argv[2], serve, 4, argv);
}

static int
seven(int argc, char *argv[])
{
	return argc == 3 && argv == NULL ? 7 : 8;
}

static int
role_plain(char *argv[])
{
	(void)argv;
	return compat_service_main("no-service", seven, 3, NULL);
}

static const struct kid_role own[] = {
	{ "serve", role_serve }, { "plain-main", role_plain },
	{ NULL, NULL },
};

/* Its notes are these, soon. */
static void
has_noted(const char *file, const char *words)
{
	int fd, i;

	for (i = 0; i < SIGNALS * 50; i++) {
		if ((fd = open(file, O_RDONLY | O_CLOEXEC)) >= 0) {
			(void)kid_read(fd, text, sizeof(text));
			(void)close(fd);
			if (strcmp(text, words) == 0)
				return;
		}
		(void)poll(NULL, 0, 20);
	}
	ck_abort_msg("noted: %s; not: %s", text, words);
}

START_TEST(without_a_manager_it_runs_as_it_is)
{
	ck_assert_int_eq(kid_status(kid_start(NULL, "plain-main", NULL)), 7);
}
END_TEST

START_TEST(a_service_is_told_by_signals_and_tells_its_status)
{
	char file[4200], dir[4096], words[5000];

	ck_assert_ptr_nonnull(getcwd(dir, sizeof(dir)));
	(void)snprintf(file, sizeof(file), "%s/notes", dir);
	(void)snprintf(words, sizeof(words), "serve libcompat-test %s", file);
	ck_assert_int_eq(manager_install(kid_self(), words), 0);
	ck_assert_int_eq(manager_start(), 0);
	has_noted(file, "runs ");
	ck_assert_int_eq(manager_change(), 0);
	has_noted(file, "runs hup ");
	ck_assert_int_eq(manager_stop(), 0);
	ck_assert_int_eq(manager_wait(), 7);
	has_noted(file, "runs hup term ");
	manager_remove();
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
	FAILS(compat_service_main(NULL, seven, 0, NULL), EFAULT);
	FAILS(compat_service_main("name", NULL, 0, NULL), EFAULT);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[3];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = without_a_manager_it_runs_as_it_is;
	tests[n++] = a_service_is_told_by_signals_and_tells_its_status;
	tests[n++] = bad_arguments_are_refused;
	return run_cases("service", tests, n);
}
