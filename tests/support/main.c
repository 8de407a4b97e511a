#include "support/main.h"

#include <stdlib.h>

#include "support/host.h"
#include "support/tmpdir.h"

int
run_cases(const char *name, const TTest *const tests[], int n)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner;
	int failed, i;

	host_start();
	tcase_set_timeout(tcase, 0);
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
