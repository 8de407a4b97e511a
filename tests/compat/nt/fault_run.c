#include "compat/nt/fault_run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/tmpdir.h"

int
fault_run(const char *name, const TTest *const tests[], int n)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner;
	int failed, i;

	(void)signal(SIGPIPE, SIG_IGN);
	tcase_set_timeout(tcase, 0);
	/* A test that failed must not break the next one. */
	tcase_add_checked_fixture(tcase, fault_reset, fault_reset);
	for (i = 0; i < n; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	tmpdir_enter();
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	tmpdir_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
fault_settles_at(unsigned int handles)
{
	int ms;

	for (ms = 0; ms < 5000; ms++) {
		if (fault_handles() <= handles)
			return 1;
		(void)usleep(1000);
	}
	return 0;
}

static int held[1024], n_held;

void
numbers_use_up(int leave)
{
	int fd = open("/dev/null", O_RDWR), i;

	ck_assert_int_ge(fd, 0);
	held[n_held++] = fd;
	fault_set("DuplicateHandle", 0, FOR_EVER, NO_RESOURCES);
	while (n_held < 1024 && (held[n_held] = dup(fd)) >= 0)
		n_held++;
	ck_assert_int_lt(n_held, 1024);
	ck_assert_int_gt(n_held, leave);
	for (i = 1; i <= leave; i++) {
		ck_assert_int_eq(close(held[i]), 0);
		held[i] = -1;
	}
}

void
numbers_free(void)
{
	while (n_held > 0)
		if (held[--n_held] >= 0)
			ck_assert_int_eq(close(held[n_held]), 0);
}
